/** Holds a document against its JSON Schema and says in a lab author's words what does not fit. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Document, isMapping, type Path, valueAt } from './document.ts';
import type { JsonValue } from './lab.ts';
import { nearest as closest } from './nearest.ts';
import type { Problem } from './problem.ts';

export type SchemaName = 'lab' | 'section' | 'releases' | 'images';

const DIRECTORY = join(import.meta.dirname, '..', 'schemas');
/** The verbs, as the schema lists them. */
const VERBS = ['run', 'check', 'apply', 'delete', 'operator', 'ready', 'browse', 'sample', 'call'] as const;

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, verbose: true });
const validators = new Map<string, ValidateFunction>();

function validatorOf(name: SchemaName, definition?: string): ValidateFunction {
  const key = `https://labwright.test/schemas/${name}.schema.json`;
  if (ajv.getSchema(key) === undefined)
    ajv.addSchema(JSON.parse(readFileSync(join(DIRECTORY, `${name}.schema.json`), 'utf8')) as object);
  const reference = definition === undefined ? key : `${key}#/$defs/${definition}`;
  const known = validators.get(reference) ?? ajv.compile({ $ref: reference });
  validators.set(reference, known);
  return known;
}

/** @returns all problems; none when the document fits. */
export function check(document: Document, name: SchemaName): readonly Problem[] {
  const validate = validatorOf(name);
  if (validate(document.value)) return [];
  const errors = validate.errors ?? [];
  if (name !== 'section') return errorsToProblems(errors, document, []);
  // Of a step that fits no verb, each verb complains: ask only the one that the step names.
  const steps = stepPaths(document.value);
  const outside = errors.filter(
    (error) => !steps.some((path) => isWithin(pathOf(error.instancePath, document.value), path)),
  );
  return [...errorsToProblems(outside, document, []), ...steps.flatMap((path) => checkStep(document, path))];
}

function checkStep(document: Document, path: Path): readonly Problem[] {
  const step = valueAt(document.value, path);
  if (!isMapping(step))
    return [
      {
        code: 'LW-LAB-TYPE',
        at: document.at(path),
        message: `a step is ${describeType(step)}`,
        expected: `a verb, such as \`run: …\``,
      },
    ];
  const keys = Object.keys(step);
  const verbs = VERBS.filter((verb) => keys.includes(verb));
  const [verb] = verbs;
  if (verb === undefined) return [noVerb(document, path, keys)];
  const second = verbs[1];
  if (second !== undefined) {
    return [
      {
        code: 'LW-LAB-VERB',
        at: document.at([...path, second], 'key'),
        message: `the step has two verbs, \`${verb}\` and \`${second}\``,
        expected: 'one verb in a step',
      },
    ];
  }
  const validate = validatorOf('section', verb);
  return validate(step) ? [] : errorsToProblems(validate.errors ?? [], document, path, verb);
}

function noVerb(document: Document, path: Path, keys: readonly string[]): Problem {
  for (const key of keys) {
    const suggestion = closest(key, VERBS);
    if (suggestion !== undefined) {
      return {
        code: 'LW-LAB-VERB',
        at: document.at([...path, key], 'key'),
        message: `unknown verb \`${key}\``,
        expected: `one of ${VERBS.join(', ')}`,
        suggestion,
      };
    }
  }
  const [first] = keys;
  const at = first === undefined ? document.at(path) : document.at([...path, first], 'key');
  return {
    code: 'LW-LAB-VERB',
    at,
    message: first === undefined ? 'the step is empty' : `unknown verb \`${first}\``,
    expected: `one of ${VERBS.join(', ')}`,
  };
}

function errorsToProblems(
  errors: readonly ErrorObject[],
  document: Document,
  base: Path,
  verb?: string,
): readonly Problem[] {
  const within = valueAt(document.value, base);
  const problems = errors
    .filter((error) => !['oneOf', 'if'].includes(error.keyword) || isInnermost(error, errors))
    .map((error) => toProblem(error, document, [...base, ...pathOf(error.instancePath, within)], verb));
  return withoutNoise(problems);
}

/** Of alternatives that all failed, only those that got furthest are worth a word. */
function isInnermost(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  return !errors.some(
    (other) =>
      other !== error && other.keyword === 'additionalProperties' && other.instancePath.startsWith(error.instancePath),
  );
}

function withoutNoise(problems: readonly Problem[]): readonly Problem[] {
  const unknown = problems.filter(({ code }) => code === 'LW-LAB-KEY');
  const kept = unknown.length > 0 ? unknown : problems;
  const seen = new Set<string>();
  return kept.filter(({ at, message }) => {
    const key = `${at.line}:${at.column}${unknown.length > 0 ? message : ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function toProblem(error: ErrorObject, document: Document, path: Path, verb: string | undefined): Problem {
  const name = String(path.at(-1) ?? 'file');
  const at = document.at(path);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
      const suggestion = closest(key, known);
      const where = verb === undefined ? '' : ` for \`${verb}\``;
      return {
        code: 'LW-LAB-KEY',
        at: document.at([...path, key], 'key'),
        message: `unknown key \`${key}\`${where}`,
        expected: `one of ${known.join(', ')}`,
        ...(suggestion === undefined ? {} : { suggestion }),
      };
    }
    case 'required':
      return {
        code: 'LW-LAB-MISSING',
        at,
        message: `\`${String(error.params['missingProperty'])}\` is missing`,
        expected: describeSchema(error),
      };
    case 'type':
      return {
        code: 'LW-LAB-TYPE',
        at,
        message: `\`${name}\` is ${describeType(error.data)}`,
        expected: `${article(String(error.params['type']))}${describeSchema(error)}`,
      };
    case 'enum':
      return enumProblem(error, at, name);
    case 'pattern':
      return {
        code: 'LW-LAB-VALUE',
        at,
        message: `\`${name}\` is ${JSON.stringify(error.data)}`,
        expected: describeSchema(error),
      };
    default:
      return {
        code: 'LW-LAB-VALUE',
        at,
        message: `\`${name}\` is ${describeType(error.data)}: ${error.message ?? error.keyword}`,
        expected: describeSchema(error),
      };
  }
}

function enumProblem(error: ErrorObject, at: Problem['at'], name: string): Problem {
  const allowed = (error.params['allowedValues'] as readonly unknown[]).map(String);
  const suggestion = closest(String(error.data), allowed);
  return {
    code: 'LW-LAB-VALUE',
    at,
    message: `\`${name}\` is ${JSON.stringify(error.data)}`,
    expected: `one of ${allowed.join(', ')}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function describeSchema(error: ErrorObject): string {
  const schema = error.parentSchema as { description?: string; examples?: readonly unknown[] } | undefined;
  const example = schema?.examples?.[0];
  const description = schema?.description?.replace(/\.$/, '') ?? '';
  return (
    `${description === '' ? '' : `${description[0]?.toLowerCase()}${description.slice(1)}`}${example === undefined ? '' : `, e.g. ${JSON.stringify(example)}`}`.trim() ||
    'another value'
  );
}

function article(type: string): string {
  return type === 'object' ? 'a mapping: ' : type === 'array' ? 'a list: ' : `a ${type}: `;
}

function describeType(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `${typeof value === 'string' ? 'text' : typeof value} (${JSON.stringify(value).slice(0, 60)})`;
}

function stepPaths(value: JsonValue): readonly Path[] {
  const paths: Path[] = [];
  const exercises = isMapping(value) ? value['exercises'] : undefined;
  if (!Array.isArray(exercises)) return paths;
  for (const [index, exercise] of exercises.entries()) {
    const steps = isMapping(exercise) ? exercise['steps'] : undefined;
    if (Array.isArray(steps)) for (const step of steps.keys()) paths.push(['exercises', index, 'steps', step]);
  }
  return paths;
}

function pathOf(pointer: string, within: JsonValue | undefined): Path {
  const path: (string | number)[] = [];
  let value: JsonValue | undefined = within;
  for (const raw of pointer.split('/').slice(1)) {
    const part = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const key = Array.isArray(value) ? Number(part) : part;
    path.push(key);
    value = valueAt(value, [key]);
  }
  return path;
}

function isWithin(path: Path, base: Path): boolean {
  return base.every((part, index) => path[index] === part);
}

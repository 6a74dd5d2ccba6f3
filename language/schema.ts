/** Validates a YAML document against its JSON Schema and explains errors in plain words. */

import { Ajv2020, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { recordAt } from '../model/fields.ts';
import { nearest } from '../model/nearest.ts';
import images from '../schemas/images.schema.json' with { type: 'json' };
import lab from '../schemas/lab.schema.json' with { type: 'json' };
import releases from '../schemas/releases.schema.json' with { type: 'json' };
import section from '../schemas/section.schema.json' with { type: 'json' };
import { chooseBranch, WORDS } from './branch.ts';
import type { Problem } from './problem.ts';
import type { RawImages, RawLab, RawReleases, RawSection } from './schema.generated.ts';
import type { Path, YamlDocument } from './yaml-document.ts';

const SCHEMAS = { lab, section, releases, images } as const;
export type SchemaName = keyof typeof SCHEMAS;
interface Raw {
  readonly lab: RawLab;
  readonly section: RawSection;
  readonly releases: RawReleases;
  readonly images: RawImages;
}

const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  strictRequired: false,
  schemas: Object.values(SCHEMAS),
});

/** In a schema: keys that people try although they don't exist, each with an explanation. */
const REFUSED = 'x-refused';
ajv.addKeyword(REFUSED);

/** @returns the document's value, typed; or its problems. */
export function checkDocument<N extends SchemaName>(
  name: N,
  document: YamlDocument,
): { value: Raw[N] } | { problems: Problem[] } {
  const validate: ValidateFunction<Raw[N]> | undefined = ajv.getSchema<Raw[N]>(SCHEMAS[name].$id);
  if (validate === undefined) throw new Error(`there is no schema ${name}`);
  const { value } = document;
  if (validate(value)) return { value };
  const problems = explain(validate.errors ?? [], { name, document, base: [] });
  return { problems };
}

interface Context {
  readonly name: SchemaName;
  readonly document: YamlDocument;
  readonly base: Path;
}

/** Ajv reports every branch of a `oneOf`; people need only the one they meant. */
function explain(errors: readonly ErrorObject[], context: Context): Problem[] {
  const choices = errors.filter(({ keyword }) => keyword === 'oneOf');
  const outermost = choices.filter(
    (choice) =>
      !choices.some(
        (other) =>
          other !== choice &&
          isInside(choice.instancePath, other.instancePath) &&
          (choice.instancePath !== other.instancePath || choices.indexOf(other) > choices.indexOf(choice)),
      ),
  );
  const plain = errors.filter(
    ({ instancePath }) => !outermost.some((choice) => isInside(instancePath, choice.instancePath)),
  );
  return [
    ...plain.map((error) => toProblem(error, context)),
    ...outermost.flatMap((choice) => explainChoice(choice, context)),
  ];
}

function isInside(path: string, of: string): boolean {
  return path === of || path.startsWith(`${of}/`);
}

function explainChoice(choice: ErrorObject, context: Context): Problem[] {
  const path = [...context.base, ...segments(choice.instancePath)];
  const branches: readonly AnySchemaObject[] = Array.isArray(choice.schema) ? choice.schema : [];
  const chosen = chooseBranch(branches, choice.data, (reference) => definition(context.name, reference));
  if ('message' in chosen) {
    const { key, ...problem } = chosen;
    const at = key === undefined ? context.document.at(path) : context.document.keyAt([...path, key]);
    return [{ code: 'LW-SCHEMA', at, ...problem }];
  }
  const validate = compiled(context.name, chosen.branch);
  if (validate(choice.data))
    return [{ code: 'LW-SCHEMA', at: context.document.at(path), message: 'this can be read in two ways' }];
  return explain(validate.errors ?? [], { ...context, base: path });
}

const validators = new WeakMap<object, ValidateFunction>();

function compiled(name: SchemaName, branch: AnySchemaObject): ValidateFunction {
  const known = validators.get(branch);
  if (known !== undefined) return known;
  // References of the branch are relative to the schema it comes from.
  const validate = ajv.compile(absolute(branch, SCHEMAS[name].$id));
  validators.set(branch, validate);
  return validate;
}

function absolute(schema: AnySchemaObject, id: string): AnySchemaObject {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' && value.startsWith('#') ? id + value : value,
  );
}

function definition(name: SchemaName, reference: string): AnySchemaObject {
  const found = recordAt(SCHEMAS[name], '$defs', reference.split('/').at(-1) ?? '');
  if (found === undefined) throw new Error(`${name}.schema.json has no ${reference}`);
  return found;
}

function segments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function toProblem(error: ErrorObject, context: Context): Problem {
  const path = [...context.base, ...segments(error.instancePath)];
  const at = context.document.at(path);
  const key = path.findLast((segment) => Number.isNaN(Number(segment)));
  const what = key === undefined ? 'the file' : `\`${key}\``;
  const schema = error.parentSchema ?? {};
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(String(error.params['additionalProperty']), schema, path, context);
    case 'required':
      return {
        code: 'LW-SCHEMA',
        at,
        message: `${ownerOf(path, what)} has no \`${error.params['missingProperty']}\``,
        expected: `\`${error.params['missingProperty']}:\`${hint(schema['properties']?.[error.params['missingProperty']])}`,
      };
    case 'type':
      return {
        code: 'LW-SCHEMA',
        at,
        message: `${what} is ${kindOf(error.data)}`,
        expected: expectedOf(schema, error.params['type']),
      };
    case 'enum':
    case 'const':
      return oneOfWords(error, what, at);
    case 'minItems':
    case 'minProperties':
    case 'minLength':
      return { code: 'LW-SCHEMA', at, message: `${what} is empty`, expected: expectedOf(schema, schema['type']) };
    default:
      return {
        code: 'LW-SCHEMA',
        at,
        message: `${what} is ${JSON.stringify(error.data)}`,
        expected: expectedOf(schema, undefined, error.message),
      };
  }
}

function ownerOf(path: Path, what: string): string {
  if (path.length === 0) return 'the file';
  return typeof path.at(-1) === 'string' && Number.isNaN(Number(path.at(-1))) ? what : `this entry of ${what}`;
}

function unknownKey(key: string, schema: AnySchemaObject, path: Path, context: Context): Problem {
  const known = Object.keys(schema['properties'] ?? {});
  const suggestion = nearest(key, known);
  const at = context.document.keyAt([...path, key]);
  const refused: Pick<Problem, 'message' | 'expected'> | undefined = schema[REFUSED]?.[key];
  if (refused !== undefined) return { code: 'LW-SCHEMA', at, ...refused };
  const owner =
    known[0] !== undefined && schema['required']?.[0] === known[0] && known.includes('title') && known[0] !== 'title'
      ? ` of \`${known[0]}\``
      : '';
  return {
    code: 'LW-SCHEMA',
    at,
    message: `unknown key \`${key}\`${owner}`,
    expected: `one of ${known.join(', ')}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function oneOfWords(error: ErrorObject, what: string, at: Problem['at']): Problem {
  const allowed: string[] =
    error.keyword === 'const' ? [String(error.params['allowedValue'])] : error.params['allowedValues'].map(String);
  const suggestion = nearest(String(error.data), allowed);
  return {
    code: 'LW-SCHEMA',
    at,
    message: `${what} is ${JSON.stringify(error.data)}`,
    expected: allowed.join(', '),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

const TYPE_NAMES: Readonly<Record<string, string>> = { ...WORDS, null: 'nothing' };

function expectedOf(schema: AnySchemaObject, type: unknown, otherwise?: string): string {
  const types = [type ?? []].flat().map((name) => TYPE_NAMES[String(name)] ?? String(name));
  const named = types.length > 0 ? types.join(' or ') : (otherwise ?? 'something else');
  return `${named}${hint(schema)}`;
}

function hint(schema: AnySchemaObject | undefined): string {
  const example: unknown = schema?.['examples']?.[0];
  return example === undefined ? '' : ` such as ${JSON.stringify(example)}`;
}

/** What a person would call the value. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys and values';
  return typeof value === 'string' ? `the text ${JSON.stringify(value)}` : `the ${typeof value} ${String(value)}`;
}

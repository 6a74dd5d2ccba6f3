/** Processes a template with its parameters, as OpenShift's template API does. */

import { type Fields, isRecord } from '../fields.ts';
import { generate, TemplateError } from './generate.ts';

export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly value: string;
  readonly generate: string;
  readonly from: string;
  readonly required: boolean;
}

const TEXT = /\$\{([a-zA-Z0-9_]+?)\}/g;
const WHOLE = /^\$\{\{([a-zA-Z0-9_]+)\}\}$/;

/** @throws {TemplateError} if it is not a Template. */
export function parametersOf(template: unknown): readonly Parameter[] {
  if (textAt(template, 'kind') !== 'Template')
    throw new TemplateError(
      `unable to parse, not a valid Template but ${textAt(template, 'kind') ?? 'something without a kind'}`,
    );
  return listAt(template, 'parameters').map((one) => ({
    name: textAt(one, 'name') ?? '',
    description: textAt(one, 'description') ?? '',
    value: String(at(one, 'value') ?? ''),
    generate: textAt(one, 'generate') ?? '',
    from: textAt(one, 'from') ?? '',
    required: at(one, 'required') === true,
  }));
}

/**
 * @param given values from the user.
 * @param labels added to every object, besides those of the template.
 * @returns the objects.
 * @throws {TemplateError} for a value that is missing, or that has no parameter.
 */
export function processTemplate(
  template: unknown,
  given: ReadonlyMap<string, string>,
  labels: Readonly<Record<string, string>>,
  ignoreUnknown: boolean,
): readonly Fields[] {
  const parameters = parametersOf(template);
  const unknown = [...given.keys()].filter((name) => !parameters.some((one) => one.name === name));
  if (unknown.length > 0 && !ignoreUnknown)
    throw new TemplateError(unknown.map((name) => `unknown parameter name ${JSON.stringify(name)}`).join('\n'));
  return objectsOf(template, valuesOf(parameters, given), labels);
}

/**
 * @returns every parameter's value, generated if necessary.
 * @throws {TemplateError} if one is missing.
 */
export function valuesOf(
  parameters: readonly Parameter[],
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map(parameters.map((one, index) => [one.name, valueFor(one, index, given)]));
}

/** @returns the template's objects with values and labels. */
export function objectsOf(
  template: unknown,
  values: ReadonlyMap<string, string>,
  labels: Readonly<Record<string, string>>,
): readonly Fields[] {
  const own = at(template, 'labels');
  const all = { ...(isRecord(own) ? own : {}), ...labels };
  const ofObjects = Object.fromEntries(
    Object.entries(all).map(([key, value]) => [fill(key, values), fill(String(value), values)]),
  );
  return listAt(template, 'objects').map((object) => objectOf(object, values, ofObjects));
}

function valueFor(parameter: Parameter, index: number, given: ReadonlyMap<string, string>): string {
  const { name, value, generate: generator, from, required } = parameter;
  const known = given.get(name) ?? value;
  if (known === '' && generator !== '' && generator !== 'expression')
    throw new TemplateError(`Unknown generator name '${generator}' for parameter ${name}`);
  const found = known === '' && generator !== '' ? generate(from) : known;
  if (found === '' && required)
    throw new TemplateError(
      `unable to process template\n  Required value: template.parameters[${index}]: parameter ${name} is required and must be specified`,
    );
  return found;
}

function objectOf(object: unknown, values: ReadonlyMap<string, string>, labels: Fields): Fields {
  const filled = substitute(withoutNamespace(object), values);
  if (!isRecord(filled)) throw new TemplateError('unable to handle object: it is not an object of the API');
  if (Object.keys(labels).length === 0) return filled;
  const labelled = withLabels(filled, labels);
  const pods = at(labelled, 'spec', 'template');
  if (labelled['kind'] !== 'DeploymentConfig' || !isRecord(pods) || !isRecord(labelled['spec'])) return labelled;
  return { ...labelled, spec: { ...labelled['spec'], template: withLabels(pods, labels) } };
}

function withLabels(object: Fields, labels: Fields): Fields {
  const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
  const before = isRecord(metadata['labels']) ? metadata['labels'] : {};
  return { ...object, metadata: { ...metadata, labels: { ...before, ...labels } } };
}

/** A namespace written into a template is ignored, unless a parameter sets it. */
function withoutNamespace(object: unknown): unknown {
  const namespace = at(object, 'metadata', 'namespace');
  if (!isRecord(object) || !isRecord(object['metadata']) || typeof namespace !== 'string') return object;
  if (/\$\{[a-zA-Z0-9_]+?\}/.test(namespace)) return object;
  const { namespace: _, ...metadata } = object['metadata'];
  return { ...object, metadata };
}

function substitute(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => substitute(one, values));
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [fill(key, values), substitute(one, values)]));
  if (typeof value !== 'string') return value;
  const whole = values.get(WHOLE.exec(value)?.[1] ?? '');
  return whole === undefined ? fill(value, values) : valueWithoutQuotes(whole);
}

/** `${{REPLICAS}}`: the value as JSON if it is valid JSON, else as text. */
function valueWithoutQuotes(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function fill(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(TEXT, (whole, name: string) => values.get(name) ?? whole);
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), value);
}

function textAt(value: unknown, key: string): string | undefined {
  const found = at(value, key);
  return typeof found === 'string' ? found : undefined;
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : [];
}

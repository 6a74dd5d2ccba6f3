/** Which fields a kind has: built-in kinds from client-node's models, others from their CRD under schemas/crds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import type { JsonValue } from '../model/lab.ts';

/** What is allowed at a place. Fields are looked up one by one, because the models refer to each other in cycles. */
export type Shape =
  | { readonly kind: 'object'; readonly names: readonly string[]; readonly field: (name: string) => Shape }
  | { readonly kind: 'map' | 'list'; readonly items: () => Shape }
  | { readonly kind: 'string' | 'number' | 'boolean' | 'any' };

const ANY: Shape = { kind: 'any' };
const CRDS = join(import.meta.dirname, '..', 'schemas', 'crds');

export type KindLookup =
  | { readonly shape: Shape }
  /** The API is known and has no such kind; `kinds` are those it has. */
  | { readonly kinds: readonly string[] }
  /** An unknown API. */
  | undefined;

/** Looks up a kind. Loading the models takes 0.35 s, so it happens only in validation. */
export async function kindLookup(): Promise<(apiVersion: string, kind: string) => KindLookup> {
  const models = await import('@kubernetes/client-node');
  const custom = readCustomKinds();
  return (apiVersion, kind) => builtin(models, apiVersion, kind) ?? customKind(models, custom, apiVersion, kind);
}

interface Attribute {
  readonly baseName: string;
  readonly type: string;
}

function builtin(models: object, apiVersion: string, kind: string): KindLookup {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const camel =
    group === ''
      ? 'Core'
      : group.replace(/\.k8s\.io$/, '').replace(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const prefix = version.charAt(0).toUpperCase() + version.slice(1);
  const api: unknown = Reflect.get(models, `${camel}${prefix}Api`);
  if (typeof api !== 'function') return undefined;
  const methods = Object.getOwnPropertyNames(api.prototype);
  const kinds = methods
    .flatMap((method) => /^create(?:Namespaced)?([A-Z]\w*)$/.exec(method)?.[1] ?? [])
    .filter((name) => !/With|Eviction|Binding$|Token$/.test(name) || name.endsWith('RoleBinding'));
  if (!kinds.includes(kind)) return { kinds };
  const model = [`${prefix}${kind}`, `${camel}${prefix}${kind}`].find(
    (name) => attributesOf(models, name) !== undefined,
  );
  return model === undefined ? undefined : { shape: modelShape(models, model) };
}

function attributesOf(models: object, name: string): readonly Attribute[] | undefined {
  const model: unknown = Reflect.get(models, name);
  if (
    typeof model !== 'function' ||
    !('getAttributeTypeMap' in model) ||
    typeof model.getAttributeTypeMap !== 'function'
  )
    return undefined;
  return model.getAttributeTypeMap();
}

function modelShape(models: object, name: string): Shape {
  const attributes = attributesOf(models, name);
  if (attributes === undefined) return ANY;
  return {
    kind: 'object',
    names: attributes.map(({ baseName }) => baseName),
    field: (field) => typeShape(models, attributes.find(({ baseName }) => baseName === field)?.type ?? 'any'),
  };
}

/** Parses the types in the models' own tables: `Array<V1Container>`, `{ [key: string]: string; }`, `IntOrString`, … */
function typeShape(models: object, type: string): Shape {
  const list = /^(?:Array|Set)<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) return { kind: 'list', items: () => typeShape(models, list) };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  // The tables declare quantities as maps to text, yet `cpu: 2` is valid.
  if (map !== undefined) return { kind: 'map', items: () => (map === 'string' ? ANY : typeShape(models, map)) };
  if (type === 'string' || type === 'number' || type === 'boolean') return { kind: type };
  return modelShape(models, type);
}

interface CustomKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: JsonValue;
}

function readCustomKinds(): readonly CustomKind[] {
  return readdirSync(CRDS)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => loadAll(readFileSync(join(CRDS, name), 'utf8'), { schema: CORE_SCHEMA }))
    .flatMap((crd) => {
      const [group, kind, versions] = [
        ['spec', 'group'],
        ['spec', 'names', 'kind'],
        ['spec', 'versions'],
      ].map((path) => dig(crd, path));
      if (!Array.isArray(versions)) return [];
      return versions.map((version: unknown) => ({
        apiVersion: `${String(group)}/${String(dig(version, ['name']))}`,
        kind: String(kind),
        schema: dig(version, ['schema', 'openAPIV3Schema']),
      }));
    });
}

function customKind(models: object, custom: readonly CustomKind[], apiVersion: string, kind: string): KindLookup {
  const ofApi = custom.filter((candidate) => candidate.apiVersion === apiVersion);
  const found = ofApi.find((candidate) => candidate.kind === kind);
  if (found !== undefined) return { shape: rootShape(models, schemaShape(found.schema)) };
  if (ofApi.length > 0) return { kinds: ofApi.map((candidate) => candidate.kind) };
  const versions = custom.filter(
    (candidate) => candidate.kind === kind && candidate.apiVersion.split('/')[0] === apiVersion.split('/')[0],
  );
  return versions.length > 0 ? { kinds: versions.map((candidate) => `${kind} of ${candidate.apiVersion}`) } : undefined;
}

/** A CRD does not list the fields that every object has. */
function rootShape(models: object, shape: Shape): Shape {
  if (shape.kind !== 'object') return shape;
  return {
    kind: 'object',
    names: [...new Set(['apiVersion', 'kind', 'metadata', ...shape.names])],
    field: (name) =>
      name === 'metadata'
        ? modelShape(models, 'V1ObjectMeta')
        : name === 'apiVersion' || name === 'kind'
          ? { kind: 'string' }
          : shape.field(name),
  };
}

function schemaShape(schema: JsonValue): Shape {
  const flag = (name: string) => dig(schema, [name]) === true;
  if (
    flag('x-kubernetes-preserve-unknown-fields') ||
    flag('x-kubernetes-int-or-string') ||
    flag('x-kubernetes-embedded-resource')
  )
    return ANY;
  switch (dig(schema, ['type'])) {
    case 'object':
      return objectShape(dig(schema, ['properties']), dig(schema, ['additionalProperties']));
    case 'array':
      return { kind: 'list', items: () => schemaShape(dig(schema, ['items'])) };
    case 'string':
      return { kind: 'string' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'integer':
    case 'number':
      return { kind: 'number' };
    default:
      return ANY;
  }
}

function objectShape(properties: JsonValue, additional: JsonValue): Shape {
  if (typeof properties === 'object' && properties !== null && !Array.isArray(properties)) {
    return { kind: 'object', names: Object.keys(properties), field: (name) => schemaShape(dig(properties, [name])) };
  }
  return typeof additional === 'object' && additional !== null
    ? { kind: 'map', items: () => schemaShape(additional) }
    : ANY;
}

/** The value at `path`; null if there is none. CRDs are JSON written as YAML. */
function dig(value: unknown, path: readonly string[]): JsonValue {
  let found: unknown = value;
  for (const key of path)
    found = typeof found === 'object' && found !== null && Object.hasOwn(found, key) ? Reflect.get(found, key) : null;
  return isJson(found) ? found : null;
}

function isJson(value: unknown): value is JsonValue {
  return value === null || ['string', 'number', 'boolean', 'object'].includes(typeof value);
}

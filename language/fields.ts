/** Which fields a kind has: built-in kinds from a table of client-node's models, others from their CRD under schemas/crds. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { groupOf } from '../model/api-version.ts';
import type { JsonValue } from '../model/lab.ts';
import kubernetes from './kubernetes.generated.json' with { type: 'json' };

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

/** @returns how a kind is looked up. */
export function kindLookup(): (apiVersion: string, kind: string) => KindLookup {
  const custom = readCustomKinds();
  return (apiVersion, kind) => builtin(apiVersion, kind) ?? customKind(custom, apiVersion, kind);
}

/** By the name of the API's class, and by the name of the model. */
const APIS: Readonly<Record<string, readonly string[]>> = kubernetes.apis;
const MODELS: Readonly<Record<string, Readonly<Record<string, string>>>> = kubernetes.models;

function builtin(apiVersion: string, kind: string): KindLookup {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const camel =
    group === ''
      ? 'Core'
      : group.replace(/\.k8s\.io$/, '').replace(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const prefix = version.charAt(0).toUpperCase() + version.slice(1);
  const kinds = APIS[`${camel}${prefix}Api`];
  if (kinds === undefined) return undefined;
  if (!kinds.includes(kind)) return { kinds };
  const model = [`${prefix}${kind}`, `${camel}${prefix}${kind}`].find((name) => MODELS[name] !== undefined);
  return model === undefined ? undefined : { shape: modelShape(model) };
}

function modelShape(name: string): Shape {
  const fields = MODELS[name];
  if (fields === undefined) return ANY;
  return { kind: 'object', names: Object.keys(fields), field: (field) => typeShape(fields[field] ?? 'any') };
}

/** Parses the types in the models' own tables: `Array<V1Container>`, `{ [key: string]: string; }`, `IntOrString`, … */
function typeShape(type: string): Shape {
  const list = /^(?:Array|Set)<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) return { kind: 'list', items: () => typeShape(list) };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  // The tables declare quantities as maps to text, yet `cpu: 2` is valid.
  if (map !== undefined) return { kind: 'map', items: () => (map === 'string' ? ANY : typeShape(map)) };
  if (type === 'string' || type === 'number' || type === 'boolean') return { kind: type };
  return modelShape(type);
}

/** Istio's kinds that newer releases also serve as `v1`, with the fields they have had before. */
const ALSO_V1: Readonly<Record<string, readonly string[]>> = {
  'networking.istio.io': [
    'DestinationRule',
    'Gateway',
    'ServiceEntry',
    'Sidecar',
    'VirtualService',
    'WorkloadEntry',
    'WorkloadGroup',
  ],
  'security.istio.io': ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'],
  'telemetry.istio.io': ['Telemetry'],
};

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
      const known = versions.map((version: unknown) => ({
        name: String(dig(version, ['name'])),
        schema: dig(version, ['schema', 'openAPIV3Schema']),
      }));
      const [newest] = known;
      const isV1Too = ALSO_V1[String(group)]?.includes(String(kind)) && !known.some(({ name }) => name === 'v1');
      const all = newest !== undefined && isV1Too ? [...known, { ...newest, name: 'v1' }] : known;
      return all.map(({ name, schema }) => ({ apiVersion: `${String(group)}/${name}`, kind: String(kind), schema }));
    });
}

function customKind(custom: readonly CustomKind[], apiVersion: string, kind: string): KindLookup {
  const ofApi = custom.filter((candidate) => candidate.apiVersion === apiVersion);
  const found = ofApi.find((candidate) => candidate.kind === kind);
  if (found !== undefined) return { shape: rootShape(schemaShape(found.schema)) };
  if (ofApi.length > 0) return { kinds: ofApi.map((candidate) => candidate.kind) };
  const versions = custom.filter(
    (candidate) => candidate.kind === kind && groupOf(candidate.apiVersion) === groupOf(apiVersion),
  );
  return versions.length > 0 ? { kinds: versions.map((candidate) => `${kind} of ${candidate.apiVersion}`) } : undefined;
}

/** A CRD does not list the fields that every object has. */
function rootShape(shape: Shape): Shape {
  if (shape.kind !== 'object') return shape;
  return {
    kind: 'object',
    names: [...new Set(['apiVersion', 'kind', 'metadata', ...shape.names])],
    field: (name) =>
      name === 'metadata'
        ? modelShape('V1ObjectMeta')
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

/** JSON schemas of the served kinds for OpenAPI: built-in ones from the field tables, custom ones from their CRDs. */

import { type Fields, fields, isRecord } from '../../../model/fields.ts';
import type { MutableFields } from '../json.ts';
import { apiVersionOf, type Kind } from '../registry/kind.ts';
import type { AggregatedApi, ApiResource } from '../types.ts';
import { DEFINITIONS, definitionOf, readDescriptions } from './builtin.ts';
import { isAtomicType, mergeRule } from './merge-rules.ts';

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Where references point: `#/definitions/` in version 2, `#/components/schemas/` in version 3. */
export type Dialect = 2 | 3;

export type Schemas = Record<string, Fields>;

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

let descriptions: ReturnType<typeof readDescriptions> | undefined;

/** Adds a built-in definition and all definitions that it refers to. */
export function addDefinition(schemas: Schemas, name: string, dialect: Dialect, of?: GroupVersionKind): void {
  if (schemas[name] !== undefined) return;
  descriptions ??= readDescriptions();
  const definition = DEFINITIONS[name];
  const [about, fieldTexts] = descriptions[name] ?? ['', {}];
  const properties: MutableFields = {};
  const schema: MutableFields = { type: 'object', ...(about === '' ? {} : { description: about }), properties };
  schemas[name] = schema;
  for (const [field, type] of Object.entries(definition?.f ?? {})) {
    const inside = typeSchema(schemas, type, dialect);
    properties[field] = described(inside, fieldTexts[field], dialect, mergeExtensions(name, field));
  }
  if (definition?.r !== undefined) schema['required'] = definition.r;
  if (isAtomicType(name)) schema['x-kubernetes-map-type'] = 'atomic';
  if (of !== undefined) schema['x-kubernetes-group-version-kind'] = [of];
}

function described(schema: Fields, text: string | undefined, dialect: Dialect, extensions: Fields): Fields {
  const extra = { ...(text === undefined || text === '' ? {} : { description: text }), ...extensions };
  // Version 3 allows nothing beside a $ref.
  if (dialect === 3 && schema['$ref'] !== undefined) return { allOf: [schema], ...extra };
  return { ...schema, ...extra };
}

function mergeExtensions(definition: string, field: string): Fields {
  const { strategy, mergeKey, listKeys, atomic } = mergeRule(definition, field);
  return {
    ...(strategy === undefined ? {} : { 'x-kubernetes-patch-strategy': strategy }),
    ...(mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': mergeKey }),
    ...(listKeys === undefined ? {} : { 'x-kubernetes-list-type': listKeys.length === 0 ? 'set' : 'map' }),
    ...(listKeys === undefined || listKeys.length === 0 ? {} : { 'x-kubernetes-list-map-keys': listKeys }),
    ...(atomic === true ? { 'x-kubernetes-map-type': 'atomic' } : {}),
  };
}

const SCALARS: Readonly<Record<string, Fields>> = {
  string: { type: 'string' },
  byte: { type: 'string', format: 'byte' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  number: { type: 'number' },
  double: { type: 'number', format: 'double' },
  'date-time': { type: 'string', format: 'date-time' },
  'micro-time': { type: 'string', format: 'date-time' },
  'int-or-string': { type: 'string', format: 'int-or-string' },
  quantity: { type: 'string' },
  object: { type: 'object' },
  any: {},
};

function typeSchema(schemas: Schemas, type: string, dialect: Dialect): Fields {
  const rest = type.slice(1);
  switch (type[0]) {
    case '[':
      return { type: 'array', items: typeSchema(schemas, rest, dialect) };
    case '{':
      return { type: 'object', additionalProperties: typeSchema(schemas, rest, dialect) };
    case '#':
      addDefinition(schemas, rest, dialect);
      return reference(rest, dialect);
    default:
      return SCALARS[type] ?? { type: 'string' };
  }
}

export function reference(name: string, dialect: Dialect): Fields {
  return { $ref: `${dialect === 2 ? '#/definitions/' : '#/components/schemas/'}${name}` };
}

/** `io.istio.networking.v1beta1.VirtualService`. */
function customName(of: GroupVersionKind): string {
  return [...of.group.split('.').reverse(), of.version, of.kind].join('.');
}

/** Adds a kind's schema. @returns its name. */
export function addKind(schemas: Schemas, kind: Kind, dialect: Dialect): string {
  const of = { group: kind.group, version: kind.version, kind: kind.kind };
  if (!kind.custom) {
    const name = definitionOf(kind.group, kind.version, kind.kind);
    addDefinition(schemas, name, dialect, of);
    return name;
  }
  const name = customName(of);
  addDefinition(schemas, OBJECT_META, dialect);
  const own = kind.openApiSchema === undefined ? {} : fields(simplify(kind.openApiSchema, dialect));
  const metadata = described(reference(OBJECT_META, dialect), undefined, dialect, {});
  const properties = {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    ...fields(own['properties']),
    metadata,
  };
  schemas[name] = { type: 'object', ...own, properties, 'x-kubernetes-group-version-kind': [of] };
  return name;
}

/** The schema of an aggregated kind is not known, so any field is allowed. */
export function addAggregated(schemas: Schemas, api: AggregatedApi, resource: ApiResource): string {
  const of = { group: api.group, version: api.version, kind: resource.kind };
  const name = customName(of);
  schemas[name] = {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
    'x-kubernetes-group-version-kind': [of],
  };
  return name;
}

/** Like a real server, leaves out what version 2 cannot express. Otherwise old clients would refuse valid objects. */
function simplify(schema: unknown, dialect: Dialect): unknown {
  if (!isRecord(schema) || dialect === 3) return schema;
  if (schema['x-kubernetes-int-or-string'] === true) return withText(schema, {});
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return withText(schema, {});
  const result: MutableFields = {};
  for (const [key, value] of Object.entries(schema)) {
    if (['nullable', 'oneOf', 'anyOf', 'allOf', 'not', 'default'].includes(key)) continue;
    if (key === 'properties')
      result[key] = Object.fromEntries(
        Object.entries(fields(value)).map(([name, one]) => [name, simplify(one, dialect)]),
      );
    else if (key === 'items' || key === 'additionalProperties') result[key] = simplify(value, dialect);
    else result[key] = value;
  }
  // Version 2 has no `nullable`, so the type is left out.
  return schema['nullable'] === true ? withText(schema, {}) : result;
}

function withText(schema: Fields, result: Fields): Fields {
  return schema['description'] === undefined ? result : { ...result, description: schema['description'] };
}

/** `/api/v1` or `/apis/apps/v1`. */
export function groupPath(of: { group: string; version: string }): string {
  return of.group === '' ? `/api/${of.version}` : `/apis/${apiVersionOf(of)}`;
}

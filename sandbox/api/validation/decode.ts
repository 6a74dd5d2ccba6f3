/** Decodes bodies of built-in kinds: drops and lists unknown fields, and refuses wrong types with Go's messages. */

import { type Fields, isRecord } from '../../../model/fields.ts';
import type { MutableFields } from '../json.ts';
import { DEFINITIONS, definitionOf } from '../openapi/builtin.ts';
import { BuiltinMerge } from '../openapi/merge-rules.ts';
import type { Decoded, KindSchema, MergeSchema } from '../registry/kind.ts';
import { badRequest } from '../status.ts';
import { type ApiObject, apiObject } from '../types.ts';

interface Place {
  /** The path with list indexes, for unknown fields. */
  readonly path: string;
  /** The path without list indexes, as in messages of encoding/json. */
  readonly goPath: string;
  readonly struct: string;
}

class Mismatch extends Error {}

export class BuiltinSchema implements KindSchema {
  readonly merge: MergeSchema;
  readonly strategicMerge: MergeSchema;
  readonly #definition: string;
  readonly #version: string;
  readonly #kind: string;

  constructor(group: string, version: string, kind: string) {
    this.#definition = definitionOf(group, version, kind);
    this.#version = version;
    this.#kind = kind;
    this.merge = new BuiltinMerge(`#${this.#definition}`, 'apply');
    this.strategicMerge = new BuiltinMerge(`#${this.#definition}`, 'strategic');
  }

  decode(object: ApiObject): Decoded {
    const unknown: string[] = [];
    try {
      const decoded = struct(object, this.#definition, { path: '', goPath: '', struct: this.#kind }, unknown);
      const { apiVersion, kind, metadata, ...rest } = decoded;
      // kubectl prints fields in the order it receives them, so keep the usual order.
      return { object: apiObject({ apiVersion, kind, metadata: metadata ?? {}, ...rest }), unknown };
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      throw badRequest(
        `${this.#kind} in version "${this.#version}" cannot be handled as a ${this.#kind}: ${error.message}`,
      );
    }
  }

  applyDefaults(): void {}

  validate(): [] {
    return [];
  }
}

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** Decodes the metadata of a custom resource, which has a built-in type. @throws {StatusError} BadRequest. */
export function decodeMetadata(metadata: Fields, kind: string, version: string, unknown: string[]): Fields {
  try {
    return struct(metadata, OBJECT_META, { path: 'metadata', goPath: 'metadata', struct: 'ObjectMeta' }, unknown);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${error.message}`);
  }
}

function struct(value: Fields, definition: string, place: Place, unknown: string[]): Fields {
  const type = DEFINITIONS[definition];
  const result: MutableFields = {};
  for (const key in value) {
    const path = place.path === '' ? key : `${place.path}.${key}`;
    const fieldType = type !== undefined && Object.hasOwn(type.f, key) ? type.f[key] : undefined;
    if (fieldType === undefined) {
      unknown.push(path);
      continue;
    }
    const field = value[key];
    if (field === null || field === undefined) continue;
    const goPath = place.goPath === '' ? key : `${place.goPath}.${key}`;
    const inside = { path, goPath, struct: definition.slice(definition.lastIndexOf('.') + 1) };
    const decoded = decodeValue(field, fieldType, inside, unknown);
    // Go's `omitempty` leaves out an empty map.
    if (fieldType.startsWith('{') && isRecord(decoded) && Object.keys(decoded).length === 0) continue;
    result[key] = decoded;
  }
  return result;
}

function decodeValue(value: unknown, type: string, place: Place, unknown: string[]): unknown {
  switch (type[0]) {
    case '[':
      if (!Array.isArray(value)) throw mismatch(value, type, place);
      return value.map((item, index) =>
        decodeValue(item, type.slice(1), { ...place, path: `${place.path}[${index}]` }, unknown),
      );
    case '{': {
      if (!isRecord(value)) throw mismatch(value, type, place);
      const result: MutableFields = {};
      for (const key in value) {
        const inside = { ...place, path: `${place.path}.${key}` };
        result[key] = value[key] === null ? '' : decodeValue(value[key], type.slice(1), inside, unknown);
      }
      return result;
    }
    case '#':
      if (!isRecord(value)) throw mismatch(value, type, place);
      return struct(value, type.slice(1), place, unknown);
    default:
      return scalar(value, type, place);
  }
}

function scalar(value: unknown, type: string, place: Place): unknown {
  switch (type) {
    case 'any':
    case 'object':
      return value;
    case 'int-or-string':
      if (typeof value === 'string' || typeof value === 'number') return value;
      break;
    case 'quantity':
      if (typeof value === 'string') return checkedQuantity(value);
      if (typeof value === 'number') return String(value);
      break;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'int32':
    case 'int64':
      if (typeof value === 'number' && Number.isInteger(value)) return value;
      break;
    case 'number':
    case 'double':
      if (typeof value === 'number') return value;
      break;
    default:
      if (typeof value === 'string') return value;
  }
  throw mismatch(value, type, place);
}

function checkedQuantity(value: string): string {
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/.test(value)) return value;
  throw new Mismatch("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}

function mismatch(value: unknown, type: string, place: Place): Mismatch {
  return new Mismatch(
    `json: cannot unmarshal ${goKind(value)} into Go struct field ${place.struct}.${place.goPath} of type ${goType(type)}`,
  );
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' && !Number.isInteger(value)) return `number ${value}`;
  return typeof value;
}

function goType(type: string): string {
  if (type.startsWith('[')) return `[]${goType(type.slice(1))}`;
  if (type.startsWith('{')) return `map[string]${goType(type.slice(1))}`;
  if (type.startsWith('#')) return type.split('.').slice(-2).join('.');
  const names: Record<string, string> = {
    boolean: 'bool',
    number: 'float64',
    double: 'float64',
    quantity: 'resource.Quantity',
    'int-or-string': 'intstr.IntOrString',
  };
  return names[type] ?? (type.startsWith('int') ? type : 'string');
}

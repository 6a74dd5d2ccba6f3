/** Decodes bodies of built-in kinds: drops and lists unknown fields, and refuses wrong types with Go's messages. */

import { type Fields, isRecord } from '../../../model/fields.ts';
import type { MutableFields } from '../json.ts';
import { DEFINITIONS, definitionOf } from '../openapi/builtin.ts';
import { BuiltinMerge } from '../openapi/merge-rules.ts';
import type { Decoded, KindSchema, MergeSchema } from '../registry/kind.ts';
import { StatusError } from '../status.ts';
import { type ApiObject, apiObject } from '../types.ts';
import { contentMismatch, Mismatch, type MismatchTexts, typeMismatch } from './mismatch.ts';
import { timeProblem } from './time.ts';

interface Place {
  /** The path with list indexes, for unknown fields. */
  readonly path: string;
  /** The path without list indexes, as in messages of encoding/json. */
  readonly goPath: string;
  readonly struct: string;
}

/** A body that can't be decoded, refused as BadRequest; a patch is refused otherwise, with what its decoder says. */
export class DecodeError extends StatusError {
  readonly texts: MismatchTexts;

  constructor(kind: string, version: string, texts: MismatchTexts) {
    super(400, 'BadRequest', `${kind} in version "${version}" cannot be handled as a ${kind}: ${texts.json}`);
    this.texts = texts;
  }
}

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
      throw new DecodeError(this.#kind, this.#version, error.texts);
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
    throw new DecodeError(kind, version, error.texts);
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
      // Go reads null among structs as an empty one.
      return value.map((item, index) =>
        decodeValue(
          item ?? (type[1] === '#' ? {} : item),
          type.slice(1),
          { ...place, path: `${place.path}[${index}]` },
          unknown,
        ),
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
    case 'byte':
      if (typeof value === 'string') return checkedBase64(value);
      break;
    case 'date-time':
      if (typeof value === 'string') return checkedTime(value, '');
      break;
    case 'micro-time':
      if (typeof value === 'string') return checkedTime(value, '.000000');
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
  const form = '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$';
  throw contentMismatch(`quantities must match the regular expression '${form}'`);
}

/** As Go decodes bytes: line breaks are skipped, and the message names the first byte that is wrong. */
function checkedBase64(value: string): string {
  const legal = /^[A-Za-z0-9+/\r\n]*={0,2}/.exec(value)?.[0] ?? '';
  const isWhole = value.replace(/[\r\n]/g, '').length % 4 === 0;
  if (legal.length === value.length && isWhole) return value;
  const why = `illegal base64 data at input byte ${legal.length}`;
  throw contentMismatch(why, `error decoding from json: ${why}`);
}

function checkedTime(value: string, fraction: '' | '.000000'): string {
  const problem = timeProblem(value, fraction);
  if (problem === undefined) return value;
  throw contentMismatch(problem);
}

function mismatch(value: unknown, type: string, { struct: of, goPath }: Place): Mismatch {
  return typeMismatch(value, type, `${of}.${goPath}`);
}

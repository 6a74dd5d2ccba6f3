/** Proto JSON → protobuf: durations, wrappers, structs and Anys as the proto JSON mapping writes them; unknown fields are refused. */

import protobuf from 'protobufjs';
import { isRecord } from '../../model/fields.ts';
import { parseGoDuration } from './duration.ts';
import { messageType } from './protos.ts';

/** A resource or message in proto JSON with snake_case names. */
export interface Message {
  readonly [field: string]: unknown;
}

export interface Resource extends Message {
  readonly '@type': string;
}

/** @returns the resource as `google.protobuf.Any`. @throws {Error} naming a field that the type does not have. */
export function encodeAny(resource: Resource): { type_url: string; value: Uint8Array } {
  const { '@type': typeUrl, ...fields } = resource;
  const type = messageType(typeUrl.slice(typeUrl.lastIndexOf('/') + 1));
  return { type_url: typeUrl, value: type.encode(type.fromObject(convert(type, fields))).finish() };
}

/** @returns the converted fields, ready for `Type.fromObject`. */
export function convert(type: protobuf.Type, json: Message): Record<string, unknown> {
  const converted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const field = type.fields[name];
    if (field === undefined) throw new Error(`${type.fullName} has no field ${name}`);
    if (value !== undefined) converted[name] = convertField(field, value);
  }
  return converted;
}

function convertField(field: protobuf.Field, value: unknown): unknown {
  const type = field.resolve().resolvedType;
  const one = (item: unknown): unknown => (type instanceof protobuf.Type ? convertMessage(type, item) : item);
  if (field instanceof protobuf.MapField) {
    return Object.fromEntries(Object.entries(messageIn(value)).map(([key, item]) => [key, one(item)]));
  }
  if (!field.repeated) return one(value);
  if (!Array.isArray(value)) throw new Error(`${field.fullName} is a list`);
  return value.map(one);
}

function convertMessage(type: protobuf.Type, value: unknown): unknown {
  switch (type.fullName) {
    case '.google.protobuf.Any':
      return nestedAny(resourceIn(value));
    case '.google.protobuf.Duration':
      return duration(String(value));
    case '.google.protobuf.Struct':
      return struct(messageIn(value));
    case '.google.protobuf.Value':
      return structValue(value);
    default:
      return /^\.google\.protobuf\.\w+Value$/.test(type.fullName) ? { value } : convert(type, messageIn(value));
  }
}

function messageIn(value: unknown): Message {
  if (!isRecord(value)) throw new Error(`${JSON.stringify(value)} is not a message`);
  return value;
}

function resourceIn(value: unknown): Resource {
  const message = messageIn(value);
  if (isResource(message)) return message;
  throw new Error(`a message without @type: ${JSON.stringify(value).slice(0, 200)}`);
}

function isResource(message: Message): message is Resource {
  return typeof message['@type'] === 'string';
}

type EncodedAny = ReturnType<typeof encodeAny>;
/** What stands in many resources, such as loggers and filters, is the same object in all of them. */
const nested = new WeakMap<Resource, EncodedAny>();

function nestedAny(resource: Resource): EncodedAny {
  const encoded = nested.get(resource) ?? encodeAny(resource);
  nested.set(resource, encoded);
  return encoded;
}

/** `1.5s`, `300ms` → seconds and nanoseconds. */
function duration(text: string): { seconds: number; nanos: number } {
  const ms = parseGoDuration(text);
  if (ms === undefined) throw new Error(`${text} is not a duration`);
  const seconds = Math.trunc(ms / 1_000);
  return { seconds, nanos: Math.round((ms - seconds * 1_000) * 1e6) };
}

function struct(fields: Message): object {
  return { fields: Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, structValue(value)])) };
}

/** protobufjs always returns these types with camelCase names, whatever the options. */
function structValue(value: unknown): object {
  if (value === null || value === undefined) return { nullValue: 0 };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(structValue) } };
  return { structValue: struct(messageIn(value)) };
}

/** Types with their own JSON format: quantities, times, and embedded JSON. */

import protobuf from 'protobufjs/minimal.js';
import { parseJson } from '../../../model/fields.ts';

/** The length-delimited fields of a message, by field number. */
export function bytesByField(bytes: Uint8Array): Map<number, Uint8Array> {
  const reader = protobuf.Reader.create(bytes);
  const found = new Map<number, Uint8Array>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) === 2) found.set(tag >>> 3, reader.bytes());
    else reader.skipType(tag & 7);
  }
  return found;
}

export function readQuantity(bytes: Uint8Array): string {
  return Buffer.from(bytesByField(bytes).get(1) ?? []).toString();
}

/** RawExtension, FieldsV1 and the JSON in a schema: text in field 1. @returns `undefined` when it is empty. */
export function readJson(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytesByField(bytes).get(1) ?? []).toString();
  return text === '' ? undefined : parseJson(text);
}

/** @returns `undefined` for a time that is not set. @throws for an unknown type. */
export function readSpecial(bytes: Uint8Array, type: string): unknown {
  const { numbers, text } = varints(bytes);
  switch (type) {
    case 'time':
    case 'micro-time':
      return time(numbers.get(1) ?? 0, type === 'micro-time' ? (numbers.get(2) ?? 0) : undefined);
    case 'int-or-string':
      return numbers.get(1) === 1 ? text : (numbers.get(2) ?? 0);
  }
  throw new Error(`messages.generated.json has a field of type ${type}, which special.ts does not read`);
}

/** The numbers of a message, by field number, and its only text. */
function varints(bytes: Uint8Array): { numbers: Map<number, number>; text: string } {
  const reader = protobuf.Reader.create(bytes);
  const numbers = new Map<number, number>();
  let text = '';
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) === 0) numbers.set(tag >>> 3, Number(reader.int64()));
    else if ((tag & 7) === 2) text = reader.string();
    else reader.skipType(tag & 7);
  }
  return { numbers, text };
}

function time(seconds: number, nanos: number | undefined): string | undefined {
  if (seconds === 0) return undefined;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return nanos === undefined ? `${whole}Z` : `${whole}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`;
}

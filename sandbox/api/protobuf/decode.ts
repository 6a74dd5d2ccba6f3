/**
 * Decodes bodies in Kubernetes' protobuf (`application/vnd.kubernetes.protobuf`), which newer versions of kubectl send for
 * built-in kinds. There is no encoder, because those clients accept JSON answers. Loaded with the first such body.
 */
import protobuf from 'protobufjs/minimal.js';
import { type Fields, isRecord, items } from '../../../model/fields.ts';
import { ensure, type MutableFields } from '../json.ts';
import { badRequest, StatusError } from '../status.ts';
import { type MessageField, messageNamed, messageOfKind } from './messages.ts';
import { bytesByField, readJson, readQuantity, readSpecial } from './special.ts';

type Reader = protobuf.Reader;

/** The prefix of the envelope: `k8s` and a zero byte. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** @throws {StatusError} BadRequest when the body is not such a message, UnsupportedMediaType for a kind without protobuf. */
export function decodeProtobuf(body: Buffer): Fields {
  if (!body.subarray(0, 4).equals(MAGIC)) throw badRequest('the body is no Kubernetes protobuf message');
  const envelope = bytesByField(body.subarray(4));
  const type = bytesByField(envelope.get(1) ?? new Uint8Array());
  const apiVersion = Buffer.from(type.get(1) ?? []).toString();
  const kind = Buffer.from(type.get(2) ?? []).toString();
  const name = messageOfKind(apiVersion, kind);
  if (name === undefined) {
    throw new StatusError(
      415,
      'UnsupportedMediaType',
      `the sandbox's API server reads ${kind} of ${apiVersion} as JSON or YAML only, not as protobuf`,
    );
  }
  return { apiVersion, kind, ...readMessage(envelope.get(2) ?? new Uint8Array(), name) };
}

function readMessage(bytes: Uint8Array, name: string, target: MutableFields = {}): MutableFields {
  const message = messageNamed(name);
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = message.get(tag >>> 3);
    if (field === undefined) reader.skipType(tag & 7);
    else readField(reader, tag & 7, field, target);
  }
  return target;
}

function readField(reader: Reader, wire: number, { name, type, keepsZero }: MessageField, target: MutableFields): void {
  if (name === '') readMessage(reader.bytes(), type.slice(1), target);
  else if (type.startsWith('[')) target[name] = [...items(target[name]), ...readItems(reader, wire, type.slice(1))];
  else if (type.startsWith('{')) {
    const [key, value] = readEntry(reader.bytes(), type.slice(1));
    ensure(target, name)[key] = value;
  } else {
    const value = readValue(reader, type);
    if (value !== undefined && (keepsZero || !isZero(value, type))) target[name] = value;
  }
}

/** Repeated numbers may be packed or not. */
function readItems(reader: Reader, wire: number, type: string): unknown[] {
  if (type !== 'int' || wire !== 2) return [readValue(reader, type)];
  const end = reader.uint32() + reader.pos;
  const numbers: unknown[] = [];
  while (reader.pos < end) numbers.push(readValue(reader, type));
  return numbers;
}

/** Go writes zero for every unset scalar that is not a pointer. In JSON it leaves them out. */
function isZero(value: unknown, type: string): boolean {
  return ZEROS.has(type) && (value === '' || value === 0 || value === false);
}

const ZEROS: ReadonlySet<string> = new Set(['string', 'boolean', 'int', 'double', 'bytes']);

/** One entry of a map: key = 1, value = 2. */
function readEntry(bytes: Uint8Array, type: string): [string, unknown] {
  const reader = protobuf.Reader.create(bytes);
  let key = '';
  let value: unknown = type === 'string' || type === 'bytes' ? '' : {};
  while (reader.pos < reader.len) {
    if (reader.uint32() >>> 3 === 1) key = reader.string();
    else value = readValue(reader, type) ?? null;
  }
  return [key, value];
}

function readValue(reader: Reader, type: string): unknown {
  switch (type) {
    case 'string':
      return reader.string();
    case 'boolean':
      return reader.bool();
    case 'int':
      return Number(reader.int64());
    case 'double':
      return reader.double();
    case 'bytes':
      return Buffer.from(reader.bytes()).toString('base64');
    case 'quantity':
      return readQuantity(reader.bytes());
    case 'json':
      return readJson(reader.bytes());
  }
  const bytes = reader.bytes();
  if (type.startsWith('#')) return readMessage(bytes, type.slice(1));
  if (type.startsWith('items:')) return readItemsMessage(bytes, type.slice('items:'.length));
  return readSchema(bytes, type) ?? readSpecial(bytes, type);
}

/** A message that wraps a list in its field 1, such as the values of a user's `extra`. */
function readItemsMessage(bytes: Uint8Array, type: string): unknown[] {
  const reader = protobuf.Reader.create(bytes);
  const found: unknown[] = [];
  while (reader.pos < reader.len) {
    reader.uint32();
    found.push(readValue(reader, type));
  }
  return found;
}

const SCHEMA = 'apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaProps';

/** Types like JSONSchemaPropsOrBool in a CRD's schema. @returns `undefined` for other types. */
function readSchema(bytes: Uint8Array, type: string): unknown {
  if (!type.startsWith('schema-or-')) return undefined;
  const reader = protobuf.Reader.create(bytes);
  let single: unknown;
  const several: unknown[] = [];
  while (reader.pos < reader.len) {
    const first = reader.uint32() >>> 3 === 1;
    if (type === 'schema-or-bool') {
      if (first) single ??= reader.bool();
      else single = readMessage(reader.bytes(), SCHEMA);
    } else if (first) single = readMessage(reader.bytes(), SCHEMA);
    else several.push(type === 'schema-or-array' ? readMessage(reader.bytes(), SCHEMA) : reader.string());
  }
  if (type === 'schema-or-bool') return single ?? false;
  return isRecord(single) ? single : several;
}

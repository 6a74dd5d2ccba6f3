/**
 * Bodies in Kubernetes' protobuf (`application/vnd.kubernetes.protobuf`), which newer kubectls send for built-in kinds.
 * Only read, never written: those clients take JSON for an answer. Loaded when the first such body comes.
 */
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs/minimal.js';
import { ensure, type Fields } from '../json.ts';
import { DEFINITIONS, definitionOf } from '../openapi/builtin.ts';
import { badRequest, StatusError } from '../status.ts';

type Reader = protobuf.Reader;

const NUMBERS = JSON.parse(readFileSync(new URL('numbers.generated.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, string>
>;

/** `k8s` and a zero byte come before the envelope. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** Kinds of requests that are no stored kinds. */
const REQUESTS: Readonly<Record<string, string>> = {
  DeleteOptions: 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
  Eviction: 'io.k8s.api.policy.v1.Eviction',
  Binding: 'io.k8s.api.core.v1.Binding',
  Scale: 'io.k8s.api.autoscaling.v1.Scale',
  TokenRequest: 'io.k8s.api.authentication.v1.TokenRequest',
};

/** @throws {StatusError} BadRequest for what is no such message, UnsupportedMediaType for a kind without field numbers. */
export function decodeProtobuf(body: Buffer): Fields {
  if (!body.subarray(0, 4).equals(MAGIC)) throw badRequest('the body is no Kubernetes protobuf message');
  const envelope = rawFields(protobuf.Reader.create(body.subarray(4)));
  const type = rawFields(protobuf.Reader.create(envelope.get(1) ?? new Uint8Array()));
  const apiVersion = Buffer.from(type.get(1) ?? []).toString();
  const kind = Buffer.from(type.get(2) ?? []).toString();
  const definition = definitionFor(apiVersion, kind);
  if (NUMBERS[definition] === undefined) {
    throw new StatusError(
      415,
      'UnsupportedMediaType',
      `the sandbox's API server reads ${kind} of ${apiVersion} as JSON or YAML only, not as protobuf`,
    );
  }
  const object: Fields = {};
  message(protobuf.Reader.create(envelope.get(2) ?? new Uint8Array()), definition, object);
  return { apiVersion, kind, ...object };
}

function definitionFor(apiVersion: string, kind: string): string {
  const known = REQUESTS[kind];
  if (known !== undefined) return known;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  try {
    return definitionOf(group ?? '', version ?? '', kind);
  } catch {
    return '';
  }
}

/** Length-delimited fields of a small message. */
function rawFields(reader: Reader): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) === 2) found.set(tag >>> 3, reader.bytes());
    else reader.skipType(tag & 7);
  }
  return found;
}

function message(reader: Reader, definition: string, target: Fields): void {
  const names = NUMBERS[definition] ?? {};
  const types = DEFINITIONS[definition]?.f ?? {};
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const name = names[String(tag >>> 3)];
    const wire = tag & 7;
    if (name?.startsWith('=') === true) message(protobuf.Reader.create(reader.bytes()), name.slice(1), target);
    else if (name === undefined || types[name] === undefined) reader.skipType(wire);
    else field(reader, wire, name, types[name], target);
  }
}

function field(reader: Reader, wire: number, name: string, type: string, target: Fields): void {
  if (type.startsWith('[')) {
    const list = Array.isArray(target[name]) ? (target[name] as unknown[]) : [];
    target[name] = list;
    list.push(value(reader, wire, type.slice(1)));
  } else if (type.startsWith('{')) {
    const [key, inside] = entry(reader.bytes(), type.slice(1));
    ensure(target, name)[key] = inside;
  } else {
    const read = value(reader, wire, type);
    if (!isZero(read) || POINTERS.has(name)) target[name] = read;
  }
}

/** Go writes the zero of every field that is no pointer; only for these does a zero say something. */
const POINTERS = new Set([
  'replicas',
  'terminationGracePeriodSeconds',
  'automountServiceAccountToken',
  'parallelism',
  'completions',
  'backoffLimit',
  'revisionHistoryLimit',
  'activeDeadlineSeconds',
  'expirationSeconds',
  'enableServiceLinks',
  'ttlSecondsAfterFinished',
  'runAsUser',
  'runAsGroup',
  'fsGroup',
  'runAsNonRoot',
  'allowPrivilegeEscalation',
  'privileged',
  'gracePeriodSeconds',
  'successfulJobsHistoryLimit',
  'failedJobsHistoryLimit',
  'defaultMode',
  'tolerationSeconds',
  'maxUnavailable',
  'maxSurge',
  'minAvailable',
  'targetPort',
]);

function isZero(read: unknown): boolean {
  return read === undefined || read === '' || read === 0 || read === false;
}

/** One entry of a map: key = 1, value = 2. */
function entry(bytes: Uint8Array, type: string): [string, unknown] {
  const reader = protobuf.Reader.create(bytes);
  let key = '';
  let inside: unknown = type === 'string' || type === 'byte' ? '' : undefined;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) key = reader.string();
    else inside = value(reader, tag & 7, type);
  }
  return [key, inside];
}

function value(reader: Reader, wire: number, type: string): unknown {
  if (type.startsWith('#')) {
    const object: Fields = {};
    message(protobuf.Reader.create(reader.bytes()), type.slice(1), object);
    return object;
  }
  switch (type) {
    case 'boolean':
      return reader.bool();
    case 'int32':
    case 'int64':
      return Number(reader.int64());
    case 'number':
    case 'double':
      return reader.double();
    case 'byte':
      return Buffer.from(reader.bytes()).toString('base64');
    case 'quantity':
      return Buffer.from(rawFields(protobuf.Reader.create(reader.bytes())).get(1) ?? []).toString();
    case 'date-time':
    case 'micro-time':
      return time(reader.bytes(), type === 'micro-time');
    case 'int-or-string':
      return intOrString(reader.bytes());
    case 'any':
    case 'object':
      return raw(reader.bytes());
  }
  if (wire === 2) return reader.string();
  reader.skipType(wire);
  return undefined;
}

/** Numbers of a message whose first two fields are varints. */
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

function time(bytes: Uint8Array, micro: boolean): string | undefined {
  const { numbers } = varints(bytes);
  const seconds = numbers.get(1) ?? 0;
  if (seconds === 0) return undefined;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return micro ? `${whole}.${String(Math.floor((numbers.get(2) ?? 0) / 1000)).padStart(6, '0')}Z` : `${whole}Z`;
}

function intOrString(bytes: Uint8Array): number | string {
  const { numbers, text } = varints(bytes);
  return (numbers.get(1) ?? 0) === 1 ? text : (numbers.get(2) ?? 0);
}

/** RawExtension and FieldsV1: JSON in field 1. */
function raw(bytes: Uint8Array): unknown {
  const inside = Buffer.from(rawFields(protobuf.Reader.create(bytes)).get(1) ?? []).toString();
  return inside === '' ? undefined : (JSON.parse(inside) as unknown);
}

/**
 * The subset of Kubernetes' binary format that the guard needs. Newer kubectl versions send built-in kinds in it: a magic number,
 * then `runtime.Unknown` with the object in field 2; every built-in object has its metadata in field 1. Field numbers are those of
 * the `generated.proto` files of k8s.io/apimachinery.
 */
import protobuf from 'protobufjs';

const MAGIC = Buffer.from('k8s\0');
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

type Fields = ReadonlyMap<number, readonly (Uint8Array | number)[]>;

/** @returns the object's metadata as in JSON; undefined if it is not such a body. */
export function metadataOf(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  const object = objectIn(body);
  const bytes = object === undefined ? undefined : bytesOf(object, 1);
  const metadata = bytes === undefined ? undefined : fieldsOf(bytes);
  if (metadata === undefined) return undefined;
  const labels = mapOf(metadata, 11);
  const annotations = mapOf(metadata, 12);
  return {
    ...stringAs('name', metadata, 1),
    ...stringAs('generateName', metadata, 2),
    ...stringAs('namespace', metadata, 3),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

/** The same object, with UID and version in its metadata; unchanged if it is not such a body. */
export function withIdentity(body: Buffer, uid: string, resourceVersion?: string): Buffer {
  const metadata = new protobuf.Writer().uint32(42).string(uid);
  if (resourceVersion !== undefined) metadata.uint32(50).string(resourceVersion);
  const identity = metadata.finish();
  if (objectIn(body) === undefined) return body;
  const unknown = replaced(body.subarray(MAGIC.length), 2, (raw) =>
    // If a field occurs twice, the last one counts.
    replaced(raw, 1, (before) => Buffer.concat([before, identity])),
  );
  return Buffer.concat([MAGIC, unknown]);
}

/** A message with one of its fields replaced; everything else is copied. */
function replaced(message: Uint8Array, field: number, change: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const reader = protobuf.Reader.create(message);
  const parts: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    if (tag === field * 8 + 2) {
      const bytes = change(reader.bytes());
      parts.push(new protobuf.Writer().uint32(tag).bytes(bytes).finish());
    } else {
      reader.skipType(tag & 7);
      parts.push(message.subarray(start, reader.pos));
    }
  }
  return Buffer.concat(parts);
}

/** `DeleteOptions` as JSON; empty if it is not such a body. */
export function deleteOptionsOf(body: Buffer): Readonly<Record<string, unknown>> {
  const options = objectIn(body);
  if (options === undefined) return {};
  const grace = options.get(1)?.[0];
  const bytes = bytesOf(options, 2);
  const preconditions = bytes === undefined ? undefined : fieldsOf(bytes);
  return {
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    ...(preconditions === undefined
      ? {}
      : {
          preconditions: { ...stringAs('uid', preconditions, 1), ...stringAs('resourceVersion', preconditions, 2) },
        }),
    ...stringAs('propagationPolicy', options, 4),
  };
}

function objectIn(body: Buffer): Fields | undefined {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const unknown = fieldsOf(body.subarray(MAGIC.length));
  const raw = unknown === undefined ? undefined : bytesOf(unknown, 2);
  return raw === undefined ? undefined : fieldsOf(raw);
}

/** All fields of a message; undefined if it is not one. */
function fieldsOf(bytes: Uint8Array): Fields | undefined {
  const fields = new Map<number, (Uint8Array | number)[]>();
  try {
    const reader = protobuf.Reader.create(bytes);
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const [field, wire] = [tag >>> 3, tag & 7];
      const value = wire === 2 ? reader.bytes() : wire === 0 ? Number(reader.int64()) : undefined;
      if (value === undefined) reader.skipType(wire);
      else fields.set(field, [...(fields.get(field) ?? []), value]);
    }
    return fields;
  } catch {
    return undefined;
  }
}

function bytesOf(fields: Fields, field: number): Uint8Array | undefined {
  const value = fields.get(field)?.[0];
  return typeof value === 'number' ? undefined : value;
}

function stringAs(name: string, fields: Fields, field: number): Record<string, string> {
  const bytes = bytesOf(fields, field);
  return bytes === undefined || bytes.length === 0 ? {} : { [name]: Buffer.from(bytes).toString('utf8') };
}

/** A map is a list of pairs: key in field 1, value in field 2. */
function mapOf(fields: Fields, field: number): Record<string, string> | undefined {
  const pairs = fields.get(field);
  if (pairs === undefined) return undefined;
  return Object.fromEntries(
    pairs.flatMap((bytes) => {
      const pair = typeof bytes === 'number' ? undefined : fieldsOf(bytes);
      const key = pair === undefined ? {} : stringAs('key', pair, 1);
      const value = pair === undefined ? {} : stringAs('value', pair, 2);
      return key['key'] === undefined ? [] : [[key['key'], value['value'] ?? '']];
    }),
  );
}

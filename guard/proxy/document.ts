/** Bodies of changes: parsed, and amended so that they can only affect the object that was checked. */
import { load } from 'js-yaml';
import { deleteOptionsOf, metadataOf, PROTOBUF, withIdentity } from './protobuf.ts';
import type { Change } from './proxy.ts';

export type Json = Readonly<Record<string, unknown>>;

const JSON_PATCH = 'application/json-patch+json';

/** True for all content types in which an object's metadata can be found. */
export function isReadable(change: Change): boolean {
  const type = contentTypeOf(change);
  return type === '' || type === PROTOBUF || /\b(json|yaml)\b/.test(type);
}

/**
 * @returns only the metadata for a binary body; an empty document if it can't be read: the cluster will report what is wrong with
 * it.
 */
export function decode(change: Change): Json {
  if (contentTypeOf(change) === PROTOBUF) return { metadata: metadataOf(change.body) ?? {} };
  try {
    const document: unknown = JSON.parse(change.body.toString('utf8'));
    return isDocument(document) ? document : {};
  } catch {
    return decodeYaml(change.body.toString('utf8'));
  }
}

function encode(document: unknown): Buffer {
  return Buffer.from(JSON.stringify(document));
}

/** The change, bound to the object with this UID: if someone recreated it meanwhile, the new one is not changed. */
export function pinned(change: Change, uid: string): Change {
  if (contentTypeOf(change) === PROTOBUF) return { ...change, body: withIdentity(change.body, uid) };
  if (contentTypeOf(change) === JSON_PATCH) {
    const operations = decodeList(change);
    if (operations === undefined) return change;
    return { ...change, body: encode([{ op: 'test', path: '/metadata/uid', value: uid }, ...operations]) };
  }
  const document = decode(change);
  const metadata = isDocument(document['metadata']) ? document['metadata'] : {};
  if (Object.keys(document).length === 0 || metadata['uid'] !== undefined) return change;
  return { ...change, body: encode({ ...document, metadata: { ...metadata, uid } }) };
}

/** Turns the creation of an object into the replacement of the existing one. */
export function replacing(change: Change, name: string, uid: string, resourceVersion: string): Change {
  const path = `${change.path.split('?')[0]}/${encodeURIComponent(name)}`;
  const put = { ...change, method: 'PUT', path };
  if (contentTypeOf(change) === PROTOBUF) return { ...put, body: withIdentity(change.body, uid, resourceVersion) };
  const document = decode(change);
  const metadata = { ...asDocument(document['metadata']), uid, resourceVersion };
  const headers = { ...change.headers, 'content-type': 'application/json' };
  return { ...put, headers, body: encode({ ...document, metadata }) };
}

/** A deletion of exactly the object with this UID. An eviction has the same options one level deeper. */
export function withPrecondition(change: Change, uid: string): Change {
  const evicts = change.info.subresource === 'eviction';
  const binary = contentTypeOf(change) === PROTOBUF;
  if (binary && evicts) return change;
  const given = binary ? deleteOptionsOf(change.body) : decode(change);
  const options = evicts ? asDocument(given['deleteOptions']) : given;
  const preconditions = { uid, ...asDocument(options['preconditions']) };
  const amended = { ...options, preconditions };
  const body = evicts ? { ...given, deleteOptions: amended } : { apiVersion: 'v1', kind: 'DeleteOptions', ...amended };
  return { ...change, headers: { ...change.headers, 'content-type': 'application/json' }, body: encode(body) };
}

function contentTypeOf({ headers }: Change): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
}

function decodeList(change: Change): unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(change.body.toString('utf8'));
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function decodeYaml(text: string): Json {
  try {
    return asDocument(load(text));
  } catch {
    return {};
  }
}

function asDocument(value: unknown): Json {
  return isDocument(value) ? value : {};
}

function isDocument(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

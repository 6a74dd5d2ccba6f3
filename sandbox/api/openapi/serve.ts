/** `/openapi/v2` (JSON or protobuf) and `/openapi/v3`. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { replyJson, replyText } from '../http/reply.ts';
import type { Registry } from '../registry/registry.ts';
import { noSuchPath } from '../status.ts';
import { documentV2, documentV3, indexV3, type Served } from './documents.ts';

/** The media type in a real server's answer: clients cannot parse one that contains an `@`. */
const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** Encoded documents of a server, valid for one revision of its registry. */
class Cache {
  revision = -1;
  readonly documents = new Map<string, string | Uint8Array>();
}
const caches = new WeakMap<Registry, Cache>();

function cacheOf(registry: Registry): Cache {
  const cache = caches.get(registry) ?? new Cache();
  caches.set(registry, cache);
  if (cache.revision !== registry.revision) cache.documents.clear();
  cache.revision = registry.revision;
  return cache;
}

/** @returns whether the path is an OpenAPI path, and has been answered. */
export async function serveOpenApi(
  served: Served,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { pathname } = url;
  if (pathname === '/openapi/v2') {
    const wantsProtobuf = /proto-openapi\.spec\.v2@v1\.0\+protobuf/.test(request.headers.accept ?? '');
    if (wantsProtobuf) replyCached(request, response, await protobufV2(served), PROTOBUF);
    else
      replyCached(
        request,
        response,
        jsonOf(served, 'v2', () => documentV2(served)),
        'application/json',
      );
    return true;
  }
  if (pathname === '/openapi/v3') {
    replyJson(response, 200, indexV3(served.registry));
    return true;
  }
  if (!pathname.startsWith('/openapi/v3/')) return false;
  const path = pathname.slice('/openapi/v3'.length);
  const document = jsonOf(served, path, () => documentV3(served, path));
  if (document === '') throw noSuchPath();
  replyCached(request, response, document, 'application/json');
  return true;
}

function jsonOf(served: Served, key: string, make: () => unknown): string {
  const { documents } = cacheOf(served.registry);
  const known = documents.get(key);
  if (typeof known === 'string') return known;
  const made = make();
  const json = made === undefined ? '' : JSON.stringify(made);
  documents.set(key, json);
  return json;
}

/** The encoder's library is loaded when an old client first asks. */
async function protobufV2(served: Served): Promise<Uint8Array> {
  const { encodeDocument } = await import('./gnostic.ts');
  const { documents } = cacheOf(served.registry);
  const known = documents.get('protobuf');
  if (known instanceof Uint8Array) return known;
  const made = encodeDocument(documentV2(served));
  documents.set('protobuf', made);
  return made;
}

/** Clients keep the document on disk and ask again with its ETag. */
function replyCached(
  request: IncomingMessage,
  response: ServerResponse,
  body: string | Uint8Array,
  type: string,
): void {
  const etag = `"${createHash('sha1').update(body).digest('hex')}"`;
  response.setHeader('etag', etag);
  response.setHeader('vary', 'Accept');
  if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
  else replyText(response, 200, body, type);
}

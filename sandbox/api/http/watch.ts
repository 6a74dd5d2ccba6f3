/** Watches: events of one kind as a stream of JSON lines, the same encoded event for every plain watcher. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { apiVersionOf } from '../registry/kind.ts';
import type { Registry } from '../registry/registry.ts';
import { matcher, shown } from '../rest/read.ts';
import type { RestRequest } from '../rest/request.ts';
import type { ServerContext } from '../server-context.ts';
import { badRequest, StatusError } from '../status.ts';
import type { Matcher } from '../storage/selectors.ts';
import type { Entry, Store, StoreEvent } from '../storage/store.ts';
import { type TableFormat, toTable } from './table.ts';

type EventType = StoreEvent['type'] | 'BOOKMARK' | 'ERROR';
type Encode = (type: EventType, entry: Entry) => string;

const BOOKMARK_INTERVAL = 60_000;
const encoded = new WeakMap<StoreEvent, string>();

type WatchServer = Pick<ServerContext, 'store' | 'registry' | 'stopping'>;

interface WatchContext {
  readonly server: WatchServer;
  readonly request: RestRequest;
  readonly test: Matcher | undefined;
  readonly encode: Encode;
  readonly plain: boolean;
  send(line: string): void;
}

export function watch(
  server: WatchServer,
  request: RestRequest,
  message: IncomingMessage,
  response: ServerResponse,
  table: TableFormat | undefined,
): void {
  const test = matcher(request);
  const from = startVersion(server.store, request);
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  const context: WatchContext = {
    server,
    request,
    test,
    encode: table === undefined ? plainEncoder(request) : tableEncoder(server.registry, request, table),
    plain: table === undefined && request.kind.fromStored === undefined,
    send: (line) => response.write(line),
  };
  const unsubscribe = follow(context, from);
  const timers = startTimers(context, response, table);
  const end = () => response.end();
  server.stopping.addEventListener('abort', end);
  message.socket.setNoDelay(true);
  response.on('close', () => {
    unsubscribe();
    for (const timer of timers) clearTimeout(timer);
    server.stopping.removeEventListener('abort', end);
  });
}

/** @returns the version after which events are sent; `undefined` starts with everything there is. */
function startVersion(store: Store, request: RestRequest): number | undefined {
  const given = request.query.get('resourceVersion') ?? '';
  if (given === '' || given === '0' || request.query.get('sendInitialEvents') === 'true') return undefined;
  const version = Number(given);
  if (!Number.isInteger(version)) throw badRequest(`Invalid value: "${given}": resourceVersion: invalid`);
  if (version < store.compacted) {
    throw new StatusError(410, 'Expired', `too old resource version: ${version} (${store.compacted})`);
  }
  return version;
}

function follow(context: WatchContext, from: number | undefined): () => void {
  const { server, request, test } = context;
  const { storage } = request.kind;
  if (from === undefined) {
    for (const entry of server.store.list(storage, request.namespace)) {
      if (test?.(entry.object) !== false) context.send(context.encode('ADDED', entry));
    }
    if (request.query.get('sendInitialEvents') === 'true')
      context.send(bookmark(context, { 'k8s.io/initial-events-end': 'true' }));
  } else for (const event of server.store.since(storage, from)) deliver(context, event);
  return server.store.subscribe(storage, (event) => deliver(context, event));
}

function deliver(context: WatchContext, event: StoreEvent): void {
  const { request, test } = context;
  if (request.namespace !== undefined && event.entry.object.metadata.namespace !== request.namespace) return;
  if (test === undefined) {
    context.send(encodeShared(context, event));
    return;
  }
  const was = event.before !== undefined && test(event.before.object);
  const is = event.type !== 'DELETED' && test(event.entry.object);
  if (is)
    context.send(
      was === (event.type === 'MODIFIED')
        ? encodeShared(context, event)
        : context.encode(was ? 'MODIFIED' : 'ADDED', event.entry),
    );
  else if (was) context.send(context.encode('DELETED', event.entry));
}

/** One text for all plain watchers of an event. */
function encodeShared(context: WatchContext, event: StoreEvent): string {
  if (!context.plain) return context.encode(event.type, event.entry);
  let line = encoded.get(event);
  if (line === undefined) {
    line = context.encode(event.type, event.entry);
    encoded.set(event, line);
  }
  return line;
}

function plainEncoder(request: RestRequest): Encode {
  if (request.kind.fromStored === undefined) return (type, entry) => `{"type":"${type}","object":${entry.json}}\n`;
  return (type, entry) => `${JSON.stringify({ type, object: shown(request, entry) })}\n`;
}

/** The columns come with the first event only, as on a real server. */
function tableEncoder(registry: Registry, request: RestRequest, format: TableFormat): Encode {
  let first = true;
  return (type, entry) => {
    const table = toTable([shown(request, entry)], registry.printer(request.kind), format, {}, first);
    first = false;
    return `${JSON.stringify({ type, object: table })}\n`;
  };
}

function bookmark({ server, request }: WatchContext, annotations?: Record<string, string>): string {
  const metadata = {
    resourceVersion: String(server.store.version),
    creationTimestamp: null,
    ...(annotations === undefined ? {} : { annotations }),
  };
  return `${JSON.stringify({ type: 'BOOKMARK', object: { kind: request.kind.kind, apiVersion: apiVersionOf(request.kind), metadata } })}\n`;
}

function startTimers(
  context: WatchContext,
  response: ServerResponse,
  table: TableFormat | undefined,
): NodeJS.Timeout[] {
  const { query } = context.request;
  const timers: NodeJS.Timeout[] = [];
  if (query.get('allowWatchBookmarks') === 'true' && table === undefined) {
    timers.push(setInterval(() => context.send(bookmark(context)), BOOKMARK_INTERVAL));
  }
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  if (seconds > 0) timers.push(setTimeout(() => response.end(), seconds * 1000));
  return timers;
}

/** Watches: the events of one kind as a stream of JSON lines. An event is encoded once for all plain watchers. */
import { apiVersionOf } from '../registry/kind.ts';
import type { Registry } from '../registry/registry.ts';
import { matcher, shown } from '../rest/read.ts';
import type { RestRequest } from '../rest/request.ts';
import type { ServerContext } from '../server-context.ts';
import { badRequest, StatusError } from '../status.ts';
import type { Matcher } from '../storage/selectors.ts';
import type { Entry, Store, StoreEvent } from '../storage/store.ts';
import type { EventSink } from './event-sink.ts';
import { partial, type TableFormat, toTable } from './table.ts';

type EventType = StoreEvent['type'] | 'BOOKMARK' | 'ERROR';
type Encode = (type: EventType, entry: Entry) => string;

const BOOKMARK_INTERVAL = 60_000;
const encoded = new WeakMap<StoreEvent, string>();

/** Sends whole objects, their metadata only, or rows of a Table. */
export type WatchShape = 'plain' | 'metadata' | TableFormat;

type WatchServer = Pick<ServerContext, 'store' | 'registry' | 'stopping'>;

interface WatchContext {
  readonly server: WatchServer;
  readonly request: RestRequest;
  readonly test: Matcher | undefined;
  readonly encode: Encode;
  readonly plain: boolean;
  /** The kind of the objects that the client receives, which bookmarks repeat. */
  readonly shownAs: { readonly kind: string; readonly apiVersion: string };
  send(event: string): void;
}

/** Sends events to `sink` until the client disconnects, the server stops or the timeout expires. @throws {StatusError} */
export function watch(server: WatchServer, request: RestRequest, sink: EventSink, shape: WatchShape): void {
  const from = startVersion(server.store, request);
  const context: WatchContext = {
    server,
    request,
    test: matcher(request),
    encode: encoderFor(server, request, shape),
    plain: shape === 'plain' && request.kind.fromStored === undefined,
    shownAs:
      shape === 'metadata'
        ? { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' }
        : { kind: request.kind.kind, apiVersion: apiVersionOf(request.kind) },
    send: (event) => sink.send(event),
  };
  sink.open();
  const unsubscribe = follow(context, from);
  const timers = startTimers(context, sink, shape);
  const end = () => sink.end();
  server.stopping.addEventListener('abort', end);
  sink.closed.addEventListener('abort', () => {
    unsubscribe();
    for (const timer of timers) clearTimeout(timer);
    server.stopping.removeEventListener('abort', end);
  });
}

function encoderFor(server: WatchServer, request: RestRequest, shape: WatchShape): Encode {
  if (shape === 'plain') return plainEncoder(request);
  if (shape === 'metadata') return (type, entry) => JSON.stringify({ type, object: partial(shown(request, entry)) });
  return tableEncoder(server.registry, request, shape);
}

/** @returns the version after which events are sent, `undefined` to start with all existing objects. */
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

/** Encodes an event once for all plain watchers. */
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
  if (request.kind.fromStored === undefined) return (type, entry) => `{"type":"${type}","object":${entry.json}}`;
  return (type, entry) => JSON.stringify({ type, object: shown(request, entry) });
}

/** Sends the columns with the first event only, as a real server does. */
function tableEncoder(registry: Registry, request: RestRequest, format: TableFormat): Encode {
  let first = true;
  return (type, entry) => {
    const table = toTable([shown(request, entry)], registry.printer(request.kind), format, {}, first);
    first = false;
    return JSON.stringify({ type, object: table });
  };
}

function bookmark({ server, shownAs }: WatchContext, annotations?: Record<string, string>): string {
  const metadata = {
    resourceVersion: String(server.store.version),
    creationTimestamp: null,
    ...(annotations === undefined ? {} : { annotations }),
  };
  return JSON.stringify({ type: 'BOOKMARK', object: { ...shownAs, metadata } });
}

function startTimers(context: WatchContext, sink: EventSink, shape: WatchShape): NodeJS.Timeout[] {
  const { query } = context.request;
  const timers: NodeJS.Timeout[] = [];
  if (query.get('allowWatchBookmarks') === 'true' && typeof shape === 'string') {
    timers.push(setInterval(() => context.send(bookmark(context)), BOOKMARK_INTERVAL));
  }
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  if (seconds > 0) timers.push(setTimeout(() => sink.end(), seconds * 1000));
  return timers;
}

/** Requests to aggregated APIs: passed to a handler in this process, and answered as a Table on request. */

import { at, isRecord, items, text } from '../../../model/fields.ts';
import type { ServerContext } from '../server-context.ts';
import { badRequest, methodNotAllowed, noSuchPath } from '../status.ts';
import { type Matcher, selection } from '../storage/selectors.ts';
import { DEFAULT_PRINTER } from '../tables/default.ts';
import {
  type AggregatedApi,
  type ApiRequest,
  apiObject,
  isApiObject,
  type TablePrinter,
  type Verb,
  type WatchEvent,
} from '../types.ts';
import { readBody } from './body.ts';
import { type EventSink, responseSink } from './event-sink.ts';
import { type Exchange, type Upgraded, verbOf } from './exchange.ts';
import type { ResourcePath } from './path.ts';
import { replyJson, replyText } from './reply.ts';
import { type TableFormat, tableFormat, toTable } from './table.ts';

type Stopping = Pick<ServerContext, 'stopping'>;

export async function serveAggregated(server: Stopping, api: AggregatedApi, exchange: Exchange): Promise<void> {
  const { request, response, url, path } = exchange;
  const sink = responseSink(request, response);
  const verb = requireVerb(api, exchange);
  const body = await readBody(request);
  requireSameName(path.name, body);
  const answer = await api.handle(questionFor(server, exchange, verb, body, sink.closed));
  if ('watch' in answer) return stream(answer.watch, sink, api, exchange);
  if ('content' in answer) return replyText(response, 200, answer.content, answer.mediaType);
  const selected = selection(url.searchParams, `${path.group}/${path.resource}`);
  const found = verb === 'list' ? selectItems(answer.body, selected) : answer.body;
  const table = tableFormat(request.headers.accept, url.searchParams);
  const shown = table === undefined ? found : asTable(found, api.tables?.[path.resource] ?? DEFAULT_PRINTER, table);
  replyJson(response, answer.status ?? 200, shown);
}

/** A watch over a WebSocket. @throws {StatusError} before anything is sent. */
export async function watchAggregated(
  server: Stopping,
  api: AggregatedApi,
  exchange: Upgraded,
  sink: EventSink,
): Promise<void> {
  const verb = requireVerb(api, exchange);
  const answer = await api.handle(questionFor(server, exchange, verb, undefined, sink.closed));
  if (!('watch' in answer)) throw methodNotAllowed();
  await stream(answer.watch, sink, api, exchange);
}

/** @throws {StatusError} when the API's discovery does not list the resource or verb. */
function requireVerb(api: AggregatedApi, exchange: Upgraded): Verb {
  const served = api.resources.find((one) => one.name === nameOf(exchange.path));
  if (served === undefined) throw noSuchPath();
  const verb = verbOf(exchange);
  if (verb === undefined || !served.verbs.includes(verb)) throw methodNotAllowed();
  return verb;
}

function questionFor(
  { stopping }: Stopping,
  { request, url, path, user }: Upgraded,
  verb: Verb,
  body: unknown,
  closed: AbortSignal,
): ApiRequest {
  return {
    method: request.method ?? 'GET',
    verb,
    group: path.group,
    version: path.version,
    resource: path.resource,
    ...(path.subresource === undefined ? {} : { subresource: path.subresource }),
    ...(path.name === undefined ? {} : { name: path.name }),
    ...(path.namespace === undefined ? {} : { namespace: path.namespace }),
    query: url.searchParams,
    body,
    user,
    signal: AbortSignal.any([closed, stopping]),
  };
}

function nameOf({ resource, subresource }: ResourcePath): string {
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}

/** @throws {StatusError} BadRequest when the object or patch has another name than the URL. */
function requireSameName(name: string | undefined, body: unknown): void {
  const given = text(at(body, 'metadata', 'name'));
  if (name !== undefined && given !== '' && given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}

function selectItems(body: unknown, selected: Matcher | undefined): unknown {
  if (selected === undefined || !isRecord(body)) return body;
  return { ...body, items: items(body['items']).filter((one) => isApiObject(one) && selected(one)) };
}

/**
 * Drops the events of objects that the selectors do not match. It does not send DELETED when an object stops matching: a
 * handler that streams changes must do that itself.
 */
async function* selectEvents(
  events: AsyncIterable<WatchEvent>,
  selected: Matcher | undefined,
): AsyncGenerator<WatchEvent> {
  for await (const event of events) {
    const isObject = event.type !== 'ERROR' && event.type !== 'BOOKMARK';
    if (selected === undefined || !isObject || (isApiObject(event.object) && selected(event.object))) yield event;
  }
}

function asTable(body: unknown, printer: TablePrinter, format: TableFormat): unknown {
  if (!isRecord(body) || body['kind'] === 'Status' || body['kind'] === 'Table') return body;
  const list = Array.isArray(body['items']) ? body['items'] : [body];
  const metadata = Array.isArray(body['items']) && isRecord(body['metadata']) ? body['metadata'] : {};
  return toTable(list.map(apiObject), printer, format, metadata);
}

async function stream(
  events: AsyncIterable<WatchEvent>,
  sink: EventSink,
  api: AggregatedApi,
  { request, url, path }: Upgraded,
): Promise<void> {
  const selected = selection(url.searchParams, `${path.group}/${path.resource}`);
  const table = tableFormat(request.headers.accept, url.searchParams);
  const printer = api.tables?.[path.resource] ?? DEFAULT_PRINTER;
  sink.open();
  let first = true;
  try {
    for await (const { type, object } of selectEvents(events, selected)) {
      if (sink.closed.aborted) break;
      const shown = table === undefined ? object : toTable([apiObject(object)], printer, table, {}, first);
      first = false;
      sink.send(JSON.stringify({ type, object: shown }));
    }
  } finally {
    sink.end();
  }
}

/** Requests to aggregated APIs: handed to their handler in this process, answered as a Table where one is asked for. */

import { at, isFields, records, text } from '../json.ts';
import type { ServerContext } from '../server-context.ts';
import { badRequest, methodNotAllowed, noSuchPath } from '../status.ts';
import { type Matcher, selection } from '../storage/selectors.ts';
import { DEFAULT_PRINTER } from '../tables/default.ts';
import type { AggregatedApi, ApiObject, ApiRequest, TablePrinter, WatchEvent } from '../types.ts';
import { readBody } from './body.ts';
import { type Exchange, verbOf } from './exchange.ts';
import type { ResourcePath } from './path.ts';
import { replyJson } from './reply.ts';
import { type TableFormat, tableFormat, toTable } from './table.ts';

export async function serveAggregated(
  { stopping }: Pick<ServerContext, 'stopping'>,
  api: AggregatedApi,
  exchange: Exchange,
): Promise<void> {
  const { request, response, url, path, user } = exchange;
  const verb = verbOf(exchange);
  const served = api.resources.find((one) => one.name === nameOf(path));
  if (served === undefined) throw noSuchPath();
  if (verb === undefined || !served.verbs.includes(verb)) throw methodNotAllowed();
  const body = await readBody(request);
  requireSameName(path.name, body);
  const selected = selection(url.searchParams, `${path.group}/${path.resource}`);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const asked: ApiRequest = {
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
    signal: AbortSignal.any([gone.signal, stopping]),
  };
  const answer = await api.handle(asked);
  const table = tableFormat(request.headers.accept, url.searchParams);
  const printer = api.tables?.[path.resource] ?? DEFAULT_PRINTER;
  if ('watch' in answer) return stream(selectEvents(answer.watch, selected), exchange, table, printer);
  const found = verb === 'list' ? selectItems(answer.body, selected) : answer.body;
  replyJson(response, answer.status ?? 200, table === undefined ? found : asTable(found, printer, table));
}

function nameOf({ resource, subresource }: ResourcePath): string {
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}

/** @throws {StatusError} BadRequest for an object or a patch that names another object than the URL. */
function requireSameName(name: string | undefined, body: unknown): void {
  const given = text(at(body, 'metadata', 'name'));
  if (name !== undefined && given !== '' && given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}

function selectItems(body: unknown, selected: Matcher | undefined): unknown {
  if (selected === undefined || !isFields(body)) return body;
  return { ...body, items: records(body['items']).filter((one) => selected(one as ApiObject)) };
}

/** A handler that knows of changes sees to label selectors itself: an object may lose the label it was selected by. */
async function* selectEvents(
  events: AsyncIterable<WatchEvent>,
  selected: Matcher | undefined,
): AsyncGenerator<WatchEvent> {
  for await (const event of events) {
    const isObject = event.type !== 'ERROR' && event.type !== 'BOOKMARK';
    if (selected === undefined || !isObject || selected(event.object as ApiObject)) yield event;
  }
}

function asTable(body: unknown, printer: TablePrinter, format: TableFormat): unknown {
  if (!isFields(body) || body['kind'] === 'Status' || body['kind'] === 'Table') return body;
  const list = Array.isArray(body['items']) ? records(body['items']) : [body];
  const metadata = Array.isArray(body['items']) && isFields(body['metadata']) ? body['metadata'] : {};
  return toTable(list as ApiObject[], printer, format, metadata);
}

async function stream(
  events: AsyncIterable<WatchEvent>,
  { response }: Exchange,
  table: TableFormat | undefined,
  printer: TablePrinter,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  let first = true;
  try {
    for await (const event of events) {
      if (response.destroyed) break;
      const object =
        table === undefined ? event.object : toTable([event.object as ApiObject], printer, table, {}, first);
      first = false;
      response.write(`${JSON.stringify({ type: event.type, object })}\n`);
    }
  } finally {
    response.end();
  }
}

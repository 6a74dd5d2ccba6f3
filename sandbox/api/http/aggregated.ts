/** Requests to aggregated APIs: handed to their handler in this process, answered as a Table where one is asked for. */

import { isFields, records } from '../json.ts';
import type { ServerContext } from '../server-context.ts';
import { methodNotAllowed, noSuchPath } from '../status.ts';
import { DEFAULT_PRINTER } from '../tables/default.ts';
import type { AggregatedApi, ApiObject, ApiRequest, TablePrinter, WatchEvent } from '../types.ts';
import { readBody } from './body.ts';
import { type Exchange, verbOf } from './exchange.ts';
import { replyJson } from './reply.ts';
import { type TableFormat, tableFormat, toTable } from './table.ts';

export async function serveAggregated(
  { stopping }: Pick<ServerContext, 'stopping'>,
  api: AggregatedApi,
  exchange: Exchange,
): Promise<void> {
  const { request, response, url, path, user } = exchange;
  const verb = verbOf(exchange);
  if (!api.resources.some((one) => one.name === path.resource)) throw noSuchPath();
  if (verb === undefined) throw methodNotAllowed();
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
    body: await readBody(request),
    user,
    signal: AbortSignal.any([gone.signal, stopping]),
  };
  const answer = await api.handle(asked);
  const table = tableFormat(request.headers.accept, url.searchParams);
  const printer = api.tables?.[path.resource] ?? DEFAULT_PRINTER;
  if ('watch' in answer) return stream(answer.watch, exchange, table, printer);
  const { body } = answer;
  replyJson(response, answer.status ?? 200, table === undefined ? body : asTable(body, printer, table));
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

/** Requests to stored kinds over HTTP. */

import { page } from '../rest/page.ts';
import { listJson, shown } from '../rest/read.ts';
import type { RestRequest, RestResult } from '../rest/request.ts';
import type { ServerContext } from '../server-context.ts';
import { methodNotAllowed, noSuchPath, StatusError } from '../status.ts';
import { serveLog } from '../subresources/log.ts';
import { answerReview } from '../subresources/reviews.ts';
import type { ApiObject } from '../types.ts';
import { mediaType, readBody } from './body.ts';
import { type EventSink, responseSink } from './event-sink.ts';
import { type Exchange, type Upgraded, verbOf } from './exchange.ts';
import { perform, requireServed } from './perform.ts';
import { replyJson, warningHeaders } from './reply.ts';
import { restRequest } from './rest-request.ts';
import { partial, tableFormat, toTable, wantsMetadataOnly } from './table.ts';
import { type WatchShape, watch } from './watch.ts';

export async function serveResource(context: ServerContext, exchange: Exchange): Promise<void> {
  const { request, response, url, path, user } = exchange;
  const kind = context.registry.find(path.group, path.version, path.resource);
  const verb = verbOf(exchange);
  if (kind === undefined) {
    const review = answerReview(context, exchange, await readBody(request));
    if (review === undefined) throw noSuchPath();
    return replyJson(response, 201, review);
  }
  const reads = verb === undefined || verb === 'get' || verb === 'list' || verb === 'watch';
  const asked = restRequest(
    { kind, verb, url, path, user },
    {
      body: reads ? undefined : await readBody(request),
      contentType: mediaType(request),
      userAgent: request.headers['user-agent'],
    },
  );
  requireServed(asked);
  if (path.subresource === 'log') return serveLog(context, asked, exchange);
  if (path.subresource !== undefined) return reply(context, exchange, asked, await performed(context, exchange, asked));
  if (verb === 'watch')
    return watch(context, asked, responseSink(request, response, asked.warnings), shapeOf(exchange));
  if (verb === 'list') return replyList(context, exchange, asked);
  reply(context, exchange, asked, await performed(context, exchange, asked));
}

/** A refusal keeps the warnings that came before it. */
async function performed(context: ServerContext, { response }: Exchange, asked: RestRequest): Promise<RestResult> {
  try {
    return await perform(context, asked);
  } catch (error) {
    for (const [name, values] of Object.entries(warningHeaders(asked.warnings))) response.setHeader(name, values);
    throw error;
  }
}

/** A watch over a WebSocket. @throws {StatusError} before anything is sent. */
export function watchResource(context: ServerContext, exchange: Upgraded, sink: EventSink): void {
  const { url, path, user } = exchange;
  const kind = context.registry.find(path.group, path.version, path.resource);
  if (kind === undefined || path.subresource !== undefined) throw noSuchPath();
  if (!kind.verbs.includes('watch')) throw methodNotAllowed();
  watch(context, restRequest({ kind, verb: 'watch', url, path, user }), sink, shapeOf(exchange));
}

function shapeOf({ request, url }: Upgraded): WatchShape {
  const { accept } = request.headers;
  return tableFormat(accept, url.searchParams) ?? (wantsMetadataOnly(accept) === undefined ? 'plain' : 'metadata');
}

function reply(context: ServerContext, exchange: Exchange, asked: RestRequest, result: RestResult): void {
  replyJson(exchange.response, result.code, shape(context, exchange, asked, result), asked.warnings);
}

/** The object in the form that the client asks for: a Table, its metadata, or the whole object. */
function shape(
  context: ServerContext,
  { request, url }: Exchange,
  asked: RestRequest,
  { object, table }: RestResult,
): unknown {
  if (table === undefined) return object;
  const format = tableFormat(request.headers.accept, url.searchParams);
  if (format !== undefined) {
    return toTable([table], context.registry.printer(asked.kind), format, {
      resourceVersion: table.metadata.resourceVersion,
    });
  }
  return wantsMetadataOnly(request.headers.accept) === undefined ? object : partial(table);
}

function replyList(context: ServerContext, { request, response, url }: Exchange, asked: RestRequest): void {
  const found = page(context.store, asked);
  const format = tableFormat(request.headers.accept, url.searchParams);
  const objects = (): ApiObject[] => found.entries.map((entry) => shown(asked, entry));
  if (format !== undefined) {
    replyJson(
      response,
      200,
      toTable(objects(), context.registry.printer(asked.kind), format, found.metadata),
      asked.warnings,
    );
  } else if (wantsMetadataOnly(request.headers.accept) !== undefined) {
    requireListForm(request.headers.accept, asked);
    const items = objects().map(partial);
    const { metadata } = found;
    const list = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items };
    replyJson(response, 200, list, asked.warnings);
  } else replyJson(response, 200, listJson(asked, found), asked.warnings);
}

/** @throws {StatusError} NotAcceptable when the client asks for a list as `PartialObjectMetadata`, without `List`. */
function requireListForm(accept: string | undefined, { kind }: RestRequest): void {
  if (wantsMetadataOnly(accept) === 'PartialObjectMetadataList') return;
  const type = kind.custom ? 'unstructured.UnstructuredList' : `${kind.group.split('.')[0] || 'core'}.${kind.listKind}`;
  const why = `you requested PartialObjectMetadata, but the requested object is a list (*${type})`;
  throw new StatusError(406, 'NotAcceptable', why);
}

/**
 * Answers requests of clients in the server's own process, as the internal listener would, without sockets. Objects cross
 * as JSON text, which is cached for each stored state: a client can't change what is stored.
 */

import { setImmediate } from 'node:timers/promises';
import { parseJson } from '../../model/fields.ts';
import { attributesOf } from './access/attributes.ts';
import { refusal } from './access/forbidden.ts';
import { verbOf } from './http/exchange.ts';
import { apiDelay } from './http/latency.ts';
import { countRequest } from './http/metrics.ts';
import { parsePath } from './http/path.ts';
import { perform, requireServed } from './http/perform.ts';
import { restRequest, type Target } from './http/rest-request.ts';
import { watch } from './http/watch.ts';
import { LocalWatch } from './local-watch.ts';
import { page } from './rest/page.ts';
import { listJson } from './rest/read.ts';
import type { RestRequest } from './rest/request.ts';
import type { ServerContext } from './server-context.ts';
import { toStatusError } from './status.ts';
import { jsonOf } from './storage/store.ts';
import type { LocalAnswer, LocalRequest } from './types.ts';

interface Asked extends Target {
  readonly request: LocalRequest;
}

/** @returns `undefined` unless the request is for a stored kind, and not for a log. */
export function answerInProcess(context: ServerContext, request: LocalRequest): Promise<LocalAnswer> | undefined {
  const url = new URL(request.path, 'http://api');
  const path = parsePath(url.pathname);
  if (path === undefined || path.subresource === 'log' || context.registry.answering(path) !== undefined)
    return undefined;
  const kind = context.registry.find(path.group, path.version, path.resource);
  const user = context.authenticator.local;
  return kind && answer(context, { kind, verb: verbOf({ request, url, path }), url, path, user, request });
}

async function answer(context: ServerContext, asked: Asked): Promise<LocalAnswer> {
  // As over a socket, the answer comes in a later turn of the event loop: reconcile loops can't starve it.
  await (apiDelay ?? setImmediate)();
  asked.request.signal?.throwIfAborted();
  const verb = asked.verb?.toUpperCase() ?? asked.request.method;
  const answered = await respond(context, asked).catch((error: unknown) => failed(context, error));
  countRequest(context.store, { ...asked.path, verb, code: answered.status });
  return answered;
}

async function respond(context: ServerContext, asked: Asked): Promise<LocalAnswer> {
  const { body, contentType } = asked.request;
  const request = restRequest(asked, {
    ...(body === undefined ? {} : { body: parseJson(body) }),
    ...(contentType === undefined ? {} : { contentType }),
  });
  const attributes = attributesOf(asked.path, request.verb);
  if (!context.authorizer.allows({ user: request.user, attributes })) throw refusal({ user: request.user, attributes });
  requireServed(request);
  if (request.subresource === undefined && request.verb === 'watch')
    return follow(context, request, asked.request.signal);
  if (request.subresource === undefined && request.verb === 'list')
    return whole(200, listJson(request, page(context.store, request)));
  const { code, object } = await perform(context, request);
  return whole(code, jsonOf(object));
}

function follow(context: ServerContext, request: RestRequest, signal: AbortSignal | undefined): LocalAnswer {
  const events = new LocalWatch(signal);
  watch(context, request, events, 'plain');
  const text = async (): Promise<string> => {
    let all = '';
    for await (const event of events) all += `${event}\n`;
    return all;
  };
  return { status: 200, text, lines: () => events };
}

function failed({ log }: ServerContext, error: unknown): LocalAnswer {
  const status = toStatusError(error);
  if (status.code === 500 && status !== error)
    log(`failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return whole(status.code, JSON.stringify(status.toStatus()));
}

function whole(status: number, body: string): LocalAnswer {
  return {
    status,
    text: () => Promise.resolve(body),
    lines: async function* () {
      yield* body.split('\n');
    },
  };
}

/**
 * Serves aggregated APIs from a server of their own, behind a kube-apiserver that finds it by an APIService, as
 * openshift-apiserver does on OpenShift. The kube-apiserver names the user in headers and identifies itself by a client
 * certificate (Kubernetes documentation, "Configure the Aggregation Layer").
 */

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { portOf } from '../../model/ports.ts';
import { serveAggregated } from './http/aggregated.ts';
import { serveDiscovery } from './http/discovery.ts';
import { parsePath } from './http/path.ts';
import { replyError } from './http/reply.ts';
import { Registry } from './registry/registry.ts';
import type { ServerContext } from './server-context.ts';
import { noSuchPath } from './status.ts';
import type { AggregatedApi, User } from './types.ts';

export interface AggregatedServerOptions {
  readonly host: string;
  readonly tls: { readonly key: string; readonly cert: string };
  /** PEM certificate of the authority that must have signed the certificate of every client. */
  readonly frontAuthority: string;
  readonly gitVersion: string;
  readonly log: (line: string) => void;
}

type Served = Pick<ServerContext, 'registry' | 'stopping'>;

export interface AggregatedServer {
  readonly port: number;
  aggregate(api: AggregatedApi): void;
}

/** Resolves when the server listens. The server runs until the process ends. */
export async function startAggregatedServer(options: AggregatedServerOptions): Promise<AggregatedServer> {
  const registry = new Registry();
  const stopping = new AbortController().signal;
  const identification = { ...options.tls, ca: options.frontAuthority, requestCert: true, rejectUnauthorized: true };
  const server = createServer(identification, (request, response) => {
    handle({ registry, stopping }, request, response).catch((error: unknown) =>
      replyError(response, error, options.log),
    );
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, options.host, resolve));
  const port = portOf(server);
  return { port, aggregate: (api) => registry.aggregate(api) };
}

/** The kube-apiserver in front has already authorized the request. */
async function handle(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { registry } = served;
  const url = new URL(request.url ?? '/', 'http://api');
  const path = parsePath(url.pathname);
  if (path === undefined) {
    if (serveDiscovery(registry, url.pathname, request, response)) return;
    throw noSuchPath();
  }
  const api = registry.aggregated(path.group, path.version);
  if (api === undefined) throw noSuchPath();
  await serveAggregated(served, api, { request, response, url, path, user: userOf(request.headers) });
}

function userOf(headers: IncomingHttpHeaders): User {
  const { 'x-remote-user': name, 'x-remote-group': groups } = headers;
  return {
    name: typeof name === 'string' ? name : '',
    // Node joins repeated headers with a comma.
    groups: typeof groups === 'string' ? groups.split(', ') : (groups ?? []),
  };
}

/** The request handler: who asks, for what, and which part of the server answers. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Attributes, attributesOf } from '../access/attributes.ts';
import { refusal } from '../access/forbidden.ts';
import { actingAs } from '../access/impersonation.ts';
import type { Core } from '../core.ts';
import { methodNotAllowed, noSuchPath, StatusError } from '../status.ts';
import type { User } from '../types.ts';
import { serveAggregated } from './aggregated.ts';
import { serveDiscovery } from './discovery.ts';
import { verbOf } from './exchange.ts';
import { parsePath, type ResourcePath } from './path.ts';
import { replyError, replyJson, replyText } from './reply.ts';
import { serveResource } from './resource.ts';

/** What may be asked without a token. */
const OPEN = new Set(['/healthz', '/livez', '/readyz', '/version', '/.well-known/oauth-authorization-server']);

export function requestListener(core: Core, local: boolean): RequestListener {
  return (request, response) => {
    handle(core, local, request, response).catch((error: unknown) => replyError(response, error, core.log));
  };
}

/** Who asks, after impersonation. @throws {StatusError} Unauthorized, Forbidden. */
export function userOf(core: Core, local: boolean, request: IncomingMessage): User {
  const user = local ? core.authenticator.local : core.authenticator.authenticate(request.headers.authorization);
  if (user === undefined) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  return actingAs(request.headers, user, core.authorizer);
}

async function handle(core: Core, local: boolean, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://api');
  const path = url.pathname.length > 1 ? url.pathname.replace(/\/+$/, '') : url.pathname;
  if (OPEN.has(path) || /^\/(healthz|livez|readyz)\//.test(path)) return serveOpen(core, path, response);
  const user = userOf(core, local, request);
  const resource = parsePath(path);
  authorize(core, user, resource === undefined ? { verb: methodOf(request), path } : askedFor(request, url, resource));
  if (resource === undefined) {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
    if (path === '/') return replyJson(response, 200, { paths: rootPaths(core) });
    if (serveDiscovery(core, path, request, response)) return;
    if (!path.startsWith('/openapi/'))
      return replyText(response, 404, '404 page not found\n', 'text/plain; charset=utf-8');
    // Loaded when first asked for: the server should answer early.
    const { serveOpenApi } = await import('../openapi/serve.ts');
    if (await serveOpenApi(core, url, request, response)) return;
    throw noSuchPath();
  }
  const aggregated = core.registry.aggregated(resource.group, resource.version);
  if (aggregated !== undefined)
    return serveAggregated(core, aggregated, { request, response, url, path: resource, user });
  return serveResource(core, { request, response, url, path: resource, user });
}

/** @throws {StatusError} Forbidden. */
function authorize(core: Core, user: User, attributes: Attributes): void {
  if (!core.authorizer.allows({ user, attributes })) throw refusal({ user, attributes });
}

function askedFor(request: IncomingMessage, url: URL, path: ResourcePath): Attributes {
  return attributesOf(path, verbOf({ request, url, path }) ?? methodOf(request));
}

function methodOf(request: IncomingMessage): string {
  return (request.method ?? 'GET').toLowerCase();
}

function serveOpen(core: Core, path: string, response: ServerResponse): void {
  if (path.startsWith('/.well-known')) throw noSuchPath();
  if (path === '/version') replyJson(response, 200, versionDocument(core.gitVersion));
  else replyText(response, 200, 'ok', 'text/plain; charset=utf-8');
}

function versionDocument(gitVersion: string): Record<string, string> {
  const [, major = '1', minor = '21'] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    major,
    minor,
    gitVersion,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: 'none',
    compiler: 'none',
    platform: `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}

function rootPaths(core: Core): string[] {
  const versions = [...core.registry.kinds(), ...core.registry.aggregatedApis()].filter((one) => one.group !== '');
  const groups = new Set(versions.flatMap((one) => [`/apis/${one.group}`, `/apis/${one.group}/${one.version}`]));
  return [
    '/api',
    '/api/v1',
    '/apis',
    ...groups,
    '/healthz',
    '/livez',
    '/openapi/v2',
    '/openapi/v3',
    '/readyz',
    '/version',
  ];
}

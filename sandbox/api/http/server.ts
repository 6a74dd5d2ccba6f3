/** Passes each request through the handler chain, and dispatches it to the part of the server that answers it. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ISSUER } from '../authn.ts';
import type { Registry } from '../registry/registry.ts';
import type { ServerContext } from '../server-context.ts';
import { methodNotAllowed, noSuchPath } from '../status.ts';
import { serveAggregated } from './aggregated.ts';
import { serveDiscovery } from './discovery.ts';
import { verbOf } from './exchange.ts';
import { authorizeRequest, urlOf } from './handler-chain.ts';
import { apiDelay } from './latency.ts';
import { countRequest, metricsText } from './metrics.ts';
import { replyError, replyJson, replyText } from './reply.ts';
import { serveResource } from './resource.ts';
import { prepareAnswer } from './yaml.ts';

/** Paths that need no token. */
const OPEN = new Set(['/healthz', '/livez', '/readyz', '/version', '/.well-known/oauth-authorization-server']);

/** Paths of the login, when the client has no token yet. */
const LOGIN = /^\/(oauth|login|\.well-known)(\/|$)/;

export function requestListener(context: ServerContext, local: boolean): RequestListener {
  const answer = (request: IncomingMessage, response: ServerResponse): void =>
    void handle(context, local, request, response).catch((error: unknown) => replyError(response, error, context.log));
  if (apiDelay === undefined) return answer;
  const delay = apiDelay;
  return (request, response) => void delay().then(() => answer(request, response));
}

async function handle(
  context: ServerContext,
  local: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await prepareAnswer(request);
  const open = urlOf(request).path;
  if (!local && LOGIN.test(open) && (await context.anonymous(request, response))) return;
  if (OPEN.has(open) || /^\/(healthz|livez|readyz)\//.test(open)) return serveOpen(context, open, response);
  const { url, path, resource, user } = authorizeRequest(context, local, request);
  if (resource === undefined) return serveNonResource(context, url, path, request, response);
  const verb = verbOf({ request, url, path: resource })?.toUpperCase() ?? String(request.method);
  response.once('finish', () => countRequest(context.store, { ...resource, verb, code: response.statusCode }));
  const aggregated = context.registry.answering(resource);
  if (aggregated !== undefined)
    return serveAggregated(context, aggregated, { request, response, url, path: resource, user });
  return serveResource(context, { request, response, url, path: resource, user });
}

async function serveNonResource(
  { registry, gitVersion, store, authenticator }: ServerContext,
  url: URL,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  if (path === '/') return replyJson(response, 200, { paths: rootPaths(registry) });
  if (path === '/metrics')
    return replyText(response, 200, metricsText(store, gitVersion), 'text/plain; version=0.0.4; charset=utf-8');
  if (path === '/openid/v1/jwks')
    return replyText(response, 200, JSON.stringify(authenticator.keys), 'application/jwk-set+json');
  if (path === '/.well-known/openid-configuration') return replyJson(response, 200, discoveryOfIssuer(request));
  if (serveDiscovery(registry, path, request, response)) return;
  if (!path.startsWith('/openapi/'))
    return replyText(response, 404, '404 page not found\n', 'text/plain; charset=utf-8');
  // Loaded on first use, so that the server starts quickly.
  const { serveOpenApi } = await import('../openapi/serve.ts');
  if (await serveOpenApi({ registry, gitVersion }, url, request, response)) return;
  throw noSuchPath();
}

/** The OpenID configuration, which tells clients where to get the keys that verify tokens of service accounts. */
function discoveryOfIssuer({ headers }: IncomingMessage): Record<string, unknown> {
  return {
    issuer: ISSUER,
    jwks_uri: `https://${headers.host ?? ''}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
}

function serveOpen({ gitVersion }: ServerContext, path: string, response: ServerResponse): void {
  if (path.startsWith('/.well-known')) throw noSuchPath();
  if (path === '/version') replyJson(response, 200, versionDocument(gitVersion));
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

function rootPaths(registry: Registry): string[] {
  const versions = [...registry.kinds(), ...registry.aggregatedApis()].filter((one) => one.group !== '');
  const groups = new Set(versions.flatMap((one) => [`/apis/${one.group}`, `/apis/${one.group}/${one.version}`]));
  return [
    '/api',
    '/api/v1',
    '/.well-known/openid-configuration',
    '/apis',
    ...groups,
    '/healthz',
    '/livez',
    '/metrics',
    '/openapi/v2',
    '/openapi/v3',
    '/openid/v1/jwks',
    '/readyz',
    '/version',
  ];
}

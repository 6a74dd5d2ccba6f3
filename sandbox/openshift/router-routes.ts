/** Envoy's route configuration: how requests are matched to Routes, by host and path. Pure. */
import type { Message, Resource } from '../xds/encode.ts';
import type { Route } from './kinds.ts';
import { balanceOf, cookieOf, hstsOf, rewriteTargetOf, timeoutOf } from './router-annotations.ts';
import { clusterName } from './router-clusters.ts';

const EXTENSIONS = 'type.googleapis.com/envoy.extensions';

/** The page of OpenShift's router for an unknown host, or when no pod is ready. */
export const UNAVAILABLE = `<!doctype html><html><head><title>Application is not available</title></head><body><h1>Application is not available</h1>
<p>The application is currently not serving requests at this endpoint. It may not have been started or is still starting.</p>
<p>Possible reasons: the host does not exist, or there is no route for it; the host exists, but has no matching path; the route and path match, but all pods are down.</p></body></html>`;

/** @param secure whether the requests arrive over TLS. */
export function routeConfiguration(name: string, routes: readonly Route[], secure: boolean): Resource {
  const hosts = new Map<string, Route[]>();
  for (const route of routes) {
    const host = (route.spec.host ?? '').toLowerCase();
    hosts.set(host, [...(hosts.get(host) ?? []), route]);
  }
  const virtualHosts = [...hosts].map(([host, of]) => ({
    name: host,
    domains: [host],
    routes: [...[...of].sort(longestPathFirst).map((route) => routeOf(route, secure)), unavailable()],
  }));
  return {
    '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
    name,
    validate_clusters: false,
    ignore_port_in_host_matching: true,
    virtual_hosts: [...virtualHosts, { name: 'unknown', domains: ['*'], routes: [unavailable()] }],
    request_headers_to_add: [
      added('x-forwarded-host', '%REQ(:AUTHORITY)%'),
      added('x-forwarded-port', secure ? '443' : '80'),
      {
        header: {
          key: 'forwarded',
          value: `for=%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%;host=%REQ(:AUTHORITY)%;proto=${secure ? 'https' : 'http'}`,
        },
        append_action: 'APPEND_IF_EXISTS_OR_ADD',
      },
    ],
  };
}

function longestPathFirst(a: Route, b: Route): number {
  return (b.spec.path ?? '').length - (a.spec.path ?? '').length;
}

function routeOf(route: Route, secure: boolean): Message {
  const match = matchOf(route.spec.path ?? '');
  if (!secure && route.spec.tls?.insecureEdgeTerminationPolicy === 'Redirect')
    return { match, redirect: { https_redirect: true, response_code: 'FOUND' } };
  const hsts = secure ? hstsOf(route) : undefined;
  return {
    match,
    route: {
      cluster: clusterName(route),
      timeout: `${timeoutOf(route)}s`,
      retry_policy: { retry_on: 'connect-failure', num_retries: 2 },
      ...(balanceOf(route) === 'source' ? { hash_policy: [{ connection_properties: { source_ip: true } }] } : {}),
      ...rewriting(route),
    },
    ...(hsts === undefined ? {} : { response_headers_to_add: [added('strict-transport-security', hsts)] }),
    ...session(route),
  };
}

/** `/foo` also matches `/foo/bar`, but not `/foobar`. `/foo/` matches everything below, but not `/foo` itself. */
function matchOf(path: string): Message {
  if (path === '' || path.endsWith('/')) return { prefix: path === '' ? '/' : path };
  return { path_separated_prefix: path };
}

function rewriting(route: Route): Message {
  const target = rewriteTargetOf(route);
  if (target === undefined) return {};
  const path = (route.spec.path ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const regex = target === '/' ? `^${path}/?(.*)$` : `^${path}(.*)$`;
  return { regex_rewrite: { pattern: { regex }, substitution: `${target.replaceAll('\\', '\\\\')}\\1` } };
}

/** Keeps a browser with its first pod, by a session cookie. */
function session(route: Route): Message {
  const name = cookieOf(route);
  if (name === undefined) return {};
  const cookie = { name, path: '/', ttl: '0s' };
  const state = {
    name: 'envoy.http.stateful_session.cookie',
    typed_config: { '@type': `${EXTENSIONS}.http.stateful_session.cookie.v3.CookieBasedSessionState`, cookie },
  };
  return {
    typed_per_filter_config: {
      [STATEFUL_SESSION]: {
        '@type': `${EXTENSIONS}.filters.http.stateful_session.v3.StatefulSessionPerRoute`,
        stateful_session: { session_state: state },
      },
    },
  };
}

export const STATEFUL_SESSION = 'envoy.filters.http.stateful_session';

function added(key: string, value: string): Message {
  return { header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' };
}

function unavailable(): Message {
  return {
    match: { prefix: '/' },
    direct_response: { status: 503, body: { inline_string: UNAVAILABLE } },
    response_headers_to_add: [added('content-type', 'text/html')],
  };
}

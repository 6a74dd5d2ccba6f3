/**
 * The annotations of Routes that configure OpenShift's router. Like the real router, ignores invalid values
 * (openshift/router, images/router/haproxy/conf/haproxy-config.template).
 */
import { createHash } from 'node:crypto';
import type { Route } from './kinds.ts';

const PREFIX = 'haproxy.router.openshift.io/';
export const ANNOTATIONS = {
  balance: `${PREFIX}balance`,
  disableCookies: `${PREFIX}disable_cookies`,
  timeout: `${PREFIX}timeout`,
  rewriteTarget: `${PREFIX}rewrite-target`,
  hsts: `${PREFIX}hsts_header`,
  cookieName: 'router.openshift.io/cookie_name',
} as const;

export type Balance = 'leastconn' | 'random' | 'roundrobin' | 'source';
const BALANCES: readonly Balance[] = ['leastconn', 'random', 'roundrobin', 'source'];

function annotation({ metadata }: Route, name: string): string | undefined {
  return metadata.annotations?.[name]?.trim();
}

/** The load balancing policy, `undefined` when the Route does not set it. */
export function balanceOf(route: Route): Balance | undefined {
  const value = annotation(route, ANNOTATIONS.balance);
  return BALANCES.find((one) => one === value);
}

/** The name of the session cookie, `undefined` when the Route does not set it. */
export function cookieOf(route: Route): string | undefined {
  if (route.spec.tls?.termination === 'passthrough' || balanceOf(route) === 'source') return undefined;
  if (/^(true|TRUE)$/.test(annotation(route, ANNOTATIONS.disableCookies) ?? '')) return undefined;
  const named = annotation(route, ANNOTATIONS.cookieName);
  if (named !== undefined && /^[\w!#$%&'*+.^`|~-]+$/.test(named)) return named;
  const { name, namespace } = route.metadata;
  return createHash('md5').update(`${namespace}:${name}`).digest('hex');
}

const UNITS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 };
/** The router's default. */
const TIMEOUT_S = 30;

/** The response timeout in seconds. */
export function timeoutOf(route: Route): number {
  const [, number, unit = 'ms'] =
    /^([1-9]\d*)(us|ms|s|m|h|d)?$/.exec(annotation(route, ANNOTATIONS.timeout) ?? '') ?? [];
  return number === undefined ? TIMEOUT_S : Number(number) * (UNITS[unit] ?? 1);
}

/** The path that replaces the Route's path in requests to the pod. */
export function rewriteTargetOf(route: Route): string | undefined {
  return annotation(route, ANNOTATIONS.rewriteTarget) || undefined;
}

/** The value of `Strict-Transport-Security`, for Routes whose TLS ends at the router. */
export function hstsOf(route: Route): string | undefined {
  const { termination } = route.spec.tls ?? {};
  if (termination !== 'edge' && termination !== 'reencrypt') return undefined;
  const value = annotation(route, ANNOTATIONS.hsts);
  return value !== undefined && /^max-age=\d+(;\s*(includeSubDomains|preload))*;?$/i.test(value) ? value : undefined;
}

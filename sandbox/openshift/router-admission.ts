/** Decides which Routes the router admits, and writes their status. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Client } from '../client/client.ts';
import { ROUTES, type Route } from './kinds.ts';

export interface Refusal {
  readonly reason: 'ExtendedValidationFailed' | 'HostAlreadyClaimed' | 'RouteNotAdmitted';
  readonly message: string;
}

export interface RouteAdmission {
  readonly route: Route;
  /** `undefined` when the Route is admitted. */
  readonly refusal: Refusal | undefined;
}

/**
 * Checks the Routes that have a host, from oldest to newest. A host belongs to the namespace of its oldest Route, and a path
 * on that host to its oldest Route (openshift/router, pkg/router/controller/unique_host.go).
 */
export function admit(routes: readonly Route[]): readonly RouteAdmission[] {
  const owners = new Map<string, Route>();
  const claimed = new Map<string, Route>();
  return [...routes]
    .filter(({ spec }) => spec.host !== undefined && spec.host !== '')
    .sort(byAge)
    .map((route) => {
      const host = (route.spec.host ?? '').toLowerCase();
      const path = `${host} ${route.spec.path ?? ''}`;
      const refusal = ownRefusal(route) ?? claimRefusal(route, owners.get(host), claimed.get(path));
      if (refusal === undefined) {
        if (!owners.has(host)) owners.set(host, route);
        claimed.set(path, route);
      }
      return { route, refusal };
    });
}

/** The problem with a Route on its own, regardless of other Routes. */
function ownRefusal({ spec }: Route): Refusal | undefined {
  if (spec.wildcardPolicy === 'Subdomain')
    return { reason: 'RouteNotAdmitted', message: 'wildcard routes are not allowed' };
  const { certificate, key } = spec.tls ?? {};
  const fault = certificate || key ? pairFault(certificate ?? '', key ?? '') : undefined;
  return fault === undefined ? undefined : { reason: 'ExtendedValidationFailed', message: fault };
}

/** Checks the certificate, because Envoy would otherwise reject the configuration of all Routes. */
function pairFault(certificate: string, key: string): string | undefined {
  try {
    if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) return undefined;
    return 'spec.tls.key: Invalid value: "redacted key data": private key does not match public key';
  } catch {
    return 'spec.tls.certificate: Invalid value: "redacted certificate data": certificate and key are not a valid pair in PEM';
  }
}

function claimRefusal(route: Route, owner: Route | undefined, claimed: Route | undefined): Refusal | undefined {
  const { host } = route.spec;
  const reason = 'HostAlreadyClaimed';
  if (owner !== undefined && owner.metadata.namespace !== route.metadata.namespace)
    return {
      reason,
      message: `a route in another namespace holds ${host} and is older than ${route.metadata.name}`,
    };
  if (claimed !== undefined)
    return { reason, message: `route ${claimed.metadata.name} already exposes ${host} and is older` };
  return undefined;
}

/** Writes the Route's status if it has changed. */
export async function writeAdmission(
  client: Client,
  { route, refusal }: RouteAdmission,
  appsDomain: string,
): Promise<void> {
  const [seen] = route.status?.ingress ?? [];
  const status = refusal === undefined ? 'True' : 'False';
  const said = seen?.conditions?.find(({ type }) => type === 'Admitted');
  if (seen?.host === route.spec.host && said?.status === status && said.message === refusal?.message) return;
  const ingress = {
    host: route.spec.host,
    routerName: 'default',
    routerCanonicalHostname: `router-default.${appsDomain}`,
    wildcardPolicy: route.spec.wildcardPolicy ?? 'None',
    conditions: [
      {
        type: 'Admitted',
        status,
        lastTransitionTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
        ...refusal,
      },
    ],
  };
  const { name, namespace } = route.metadata;
  await client.patch(ROUTES, name, namespace, { status: { ingress: [ingress] } }, { subresource: 'status' });
}

function byAge(a: Route, b: Route): number {
  const key = ({ metadata }: Route): string => `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;
  return key(a) < key(b) ? -1 : Number(key(a) > key(b));
}

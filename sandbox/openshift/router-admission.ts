/** Which Routes the router takes: the oldest of those that claim the same host and path; the others are told so. */
import type { Client } from '../client/client.ts';
import { ROUTES, type Route } from './kinds.ts';

export interface Admission {
  readonly route: Route;
  readonly admitted: boolean;
  readonly message?: string;
}

/** Routes without a host are not judged yet. */
export function admit(routes: readonly Route[]): readonly Admission[] {
  const claimed = new Map<string, Route>();
  return [...routes]
    .filter(({ spec }) => spec.host !== undefined && spec.host !== '')
    .sort(byAge)
    .map((route) => {
      const claim = `${route.spec.host}${route.spec.path ?? ''}`;
      const owner = claimed.get(claim);
      if (owner !== undefined)
        return {
          route,
          admitted: false,
          message: `route ${owner.metadata.name} already exposes ${route.spec.host} and is older`,
        };
      claimed.set(claim, route);
      return { route, admitted: true };
    });
}

/** Writes the Route's status when it says something else. */
export async function writeAdmission(
  client: Client,
  { route, admitted, message }: Admission,
  appsDomain: string,
): Promise<void> {
  const status = admitted ? 'True' : 'False';
  const [seen] = route.status?.ingress ?? [];
  const condition = seen?.conditions?.find(({ type }) => type === 'Admitted');
  if (seen?.host === route.spec.host && condition?.status === status) return;
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
        ...(admitted ? {} : { reason: 'HostAlreadyClaimed', message }),
      },
    ],
  };
  await client.patch(
    ROUTES,
    route.metadata.name,
    route.metadata.namespace,
    { status: { ingress: [ingress] } },
    { subresource: 'status' },
  );
}

function byAge(a: Route, b: Route): number {
  const key = ({ metadata }: Route): string => `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;
  return key(a) < key(b) ? -1 : Number(key(a) > key(b));
}

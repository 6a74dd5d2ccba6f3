/** The parents of a route: listeners of Gateways, or Services of the mesh (istiod, `referenceAllowed`). */
import { GATEWAY_API, KUBE_GATEWAYS, type KubeHttpRoute, type ParentReference } from '../model/gateway-api.ts';
import { hostMatches } from '../model/hosts.ts';
import type { Service } from '../model/kubernetes.ts';
import type { Listener } from './listeners.ts';
import type { Problem } from './problem.ts';

/** One listener or Service that a reference may match. */
export interface Attachment {
  readonly reference: ParentReference;
  readonly to: Listener | Service;
  /** Why the route is not attached there. */
  readonly denied?: Problem;
}

export interface ParentInputs {
  readonly services: readonly Service[];
  /** For Gateways whose class is Istio's. @param gateway `namespace/name`. */
  readonly listeners: (gateway: string) => readonly Listener[];
}

export function isListener(to: Listener | Service): to is Listener {
  return 'internalName' in to;
}

/** @returns nothing for references to objects of other controllers. */
export function attachmentsOf(route: KubeHttpRoute, inputs: ParentInputs): readonly Attachment[] {
  return (route.spec.parentRefs ?? []).flatMap((reference) => attachmentsTo(reference, route, inputs));
}

function attachmentsTo(
  reference: ParentReference,
  route: KubeHttpRoute,
  { services, listeners }: ParentInputs,
): readonly Attachment[] {
  const { namespace: own = '' } = route.metadata;
  const { group = GATEWAY_API, kind = KUBE_GATEWAYS.kind, name, namespace = own } = reference;
  if (group === GATEWAY_API && kind === KUBE_GATEWAYS.kind)
    return listeners(`${namespace}/${name}`).map((to) => {
      const denied = denialBy(to, reference, route);
      return { reference, to, ...(denied === undefined ? {} : { denied }) };
    });
  if (group !== '' || kind !== 'Service') return [];
  const to = services.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (to !== undefined) return [{ reference, to }];
  const absent: Service = { apiVersion: 'v1', kind, metadata: { name, namespace }, spec: {} };
  const denied = { reason: 'NoMatchingParent', message: `parent service: "${name}" not found` };
  return [{ reference, to: absent, denied }];
}

function denialBy(
  { spec, hosts, kinds }: Listener,
  { port, sectionName }: ParentReference,
  { kind: routeKind, metadata, spec: { hostnames = [] } }: KubeHttpRoute,
): Problem | undefined {
  const { namespace: own = '' } = metadata;
  if (port !== undefined && port !== spec.port)
    return { reason: 'NoMatchingParent', message: `port ${port} not found` };
  if (sectionName !== undefined && sectionName !== spec.name)
    return { reason: 'NoMatchingParent', message: `sectionName "${sectionName}" not found` };
  const offered = spec.hostname ?? '*';
  const named = hostnames.length === 0 ? ['*'] : hostnames;
  const meets = named.some((host) => hostMatches(offered, host) || hostMatches(host, offered));
  if (!meets)
    return { reason: 'NoMatchingListenerHostname', message: `no hostnames matched parent hostname "${offered}"` };
  const allowed = hosts.some((host) => ['*', own].includes(host.slice(0, host.indexOf('/'))));
  if (!allowed)
    return {
      reason: 'NotAllowedByListeners',
      message: `hostnames matched parent hostname "${spec.hostname ?? ''}", but namespace "${own}" is not allowed by the parent`,
    };
  return kinds.supported.some(({ kind }) => kind === routeKind)
    ? undefined
    : { reason: 'NotAllowedByListeners', message: `kind ${GATEWAY_API}/v1/${routeKind} is not allowed` };
}

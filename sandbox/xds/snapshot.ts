/** The resources that one proxy should have, their types, and its answer. */
import type { Resource } from './encode.ts';

const TYPE = 'type.googleapis.com/envoy.config.';
export const CLUSTER = `${TYPE}cluster.v3.Cluster`;
export const ENDPOINT = `${TYPE}endpoint.v3.ClusterLoadAssignment`;
export const LISTENER = `${TYPE}listener.v3.Listener`;
const SECRET = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
export const ROUTE = `${TYPE}route.v3.RouteConfiguration`;

/** Make before break: referenced resources come before those that refer to them. */
export const ORDER = [SECRET, CLUSTER, ENDPOINT, LISTENER, ROUTE] as const;

/** The configuration of one proxy, each resource under its name. */
export interface Snapshot {
  /** Revision of the input; increases with each change. Absent if nobody asks which proxies have it. */
  readonly revision?: number;
  readonly clusters: readonly Resource[];
  readonly endpoints: readonly Resource[];
  readonly listeners: readonly Resource[];
  readonly routes: readonly Resource[];
  readonly secrets?: readonly Resource[];
}

export interface ProxyNode {
  readonly id: string;
  readonly cluster: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A proxy's answer to what it was sent last. */
export interface ProxyState {
  readonly node: ProxyNode;
  /** The revision that it was sent last. */
  readonly sent: number;
  /** The newest revision that it has accepted completely. */
  readonly acknowledged: number;
  /** Why it rejected a part of the last one. */
  readonly refusal: string | undefined;
}

/**
 * The resources of a type that a proxy subscribes to.
 * @param names undefined: all, except secrets, which a proxy asks for by name.
 */
export function wanted(type: string, snapshot: Snapshot, names: ReadonlySet<string> | undefined): readonly Resource[] {
  switch (type) {
    case CLUSTER:
      return snapshot.clusters;
    case LISTENER:
      return snapshot.listeners;
    case ENDPOINT:
      return snapshot.endpoints.filter((resource) => names?.has(String(resource['cluster_name'])) ?? true);
    case SECRET:
      return (snapshot.secrets ?? []).filter((resource) => names?.has(String(resource['name'])) ?? false);
    case ROUTE:
      return snapshot.routes.filter((resource) => names?.has(String(resource['name'])) ?? true);
    default:
      return [];
  }
}

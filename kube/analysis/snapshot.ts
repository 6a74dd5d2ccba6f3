/** A snapshot of a project's objects, and of the objects elsewhere that they refer to. */
import type { ApiObject, ClusterApi } from '../types.ts';

const OWN = [
  ...['services', 'endpoints', 'pods', 'deployments.apps', 'statefulsets.apps', 'networkpolicies.networking.k8s.io'],
  ...['virtualservices.networking.istio.io', 'destinationrules.networking.istio.io', 'gateways.networking.istio.io'],
  'serviceentries.networking.istio.io',
] as const;
/** Few on any cluster. */
const EVERYWHERE = ['routes.route.openshift.io', 'peerauthentications.security.istio.io'] as const;
export type Listed = (typeof OWN)[number] | (typeof EVERYWHERE)[number];

export interface Snapshot {
  readonly namespace: string;
  list(kind: Listed): readonly ApiObject[];
  /** Pods of any project. */
  podsWith(labels: Readonly<Record<string, string>>): Promise<readonly ApiObject[]>;
  servicesIn(namespace: string): Promise<readonly ApiObject[]>;
  /** Whether the project has such a Service, under the name that a rule uses; Services of other projects are not looked up. */
  hasHost(host: string): boolean;
}

/** Kinds that are not served, or that we may not list, count as empty. */
export async function takeSnapshot(api: ClusterApi, namespace: string): Promise<Snapshot> {
  const listed = async (name: string, filter: { namespace?: string }): Promise<readonly ApiObject[]> => {
    const kind = await api.resolve(name);
    return kind === undefined ? [] : (await api.list(kind, filter)).items;
  };
  const found = new Map<Listed, readonly ApiObject[]>();
  await Promise.all([
    ...OWN.map(async (name) => found.set(name, await listed(name, { namespace }).catch(() => []))),
    ...EVERYWHERE.map(async (name) => found.set(name, await listed(name, {}).catch(() => []))),
  ]);
  const list = (kind: Listed): readonly ApiObject[] => found.get(kind) ?? [];
  return {
    namespace,
    list,
    podsWith: async (labels) => {
      const pods = await api.resolveObject('v1', 'Pod');
      const labelSelector = Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(',');
      return pods === undefined ? [] : (await api.list(pods, { labelSelector })).items;
    },
    servicesIn: (other) => listed('services', { namespace: other }),
    hasHost: (host) =>
      isElsewhere(host, namespace) || hostsOf(list).has(host.split('.')[0] ?? host) || host.includes('*'),
  };
}

function hostsOf(list: Snapshot['list']): ReadonlySet<string> {
  const entries = list('serviceentries.networking.istio.io').flatMap(({ spec }) => {
    const hosts = spec?.['hosts'];
    return Array.isArray(hosts) ? hosts.map((host) => String(host).split('.')[0] ?? '') : [];
  });
  return new Set([...list('services').map(({ metadata }) => metadata.name), ...entries]);
}

/** `reviews.other`, `reviews.other.svc.cluster.local`, `example.com`. */
function isElsewhere(host: string, namespace: string): boolean {
  const [, project, svc] = host.split('.');
  return project !== undefined && (project !== namespace || (svc !== undefined && svc !== 'svc'));
}

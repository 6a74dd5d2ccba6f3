/** The objects that every kube-apiserver creates at startup: the namespaces, and the Service `kubernetes`. */
import { bootstrapRoles } from './access/bootstrap.ts';
import { clone } from './json.ts';
import { keyOf } from './registry/kind.ts';
import { applyDefaults } from './rest/create.ts';
import { stampNew } from './rest/metadata.ts';
import type { ServerContext } from './server-context.ts';
import type { ApiObject, ApiServerOptions } from './types.ts';

type SeedContext = Pick<ServerContext, 'store' | 'registry'>;

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** @param serviceCidr its first address becomes the Service's. @param endpoint the endpoint of the Service. */
export function seed(context: SeedContext, serviceCidr: string, endpoint?: ApiServerOptions['endpoint']): void {
  for (const name of NAMESPACES)
    insert(context, '', 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  insert(context, '', 'services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: firstAddress(serviceCidr),
      ports: [{ name: 'https', port: 443, targetPort: 6443 }],
    },
  });
  seedPriorities(context);
  if (endpoint !== undefined) seedEndpoint(context, endpoint);
}

const SYSTEM_PRIORITIES = {
  'system-cluster-critical': [
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ],
  'system-node-critical': [
    2_000_001_000,
    'Used for system critical pods that must not be moved from their current node.',
  ],
} as const;

function seedPriorities(context: SeedContext): void {
  for (const [name, [value, description]] of Object.entries(SYSTEM_PRIORITIES)) {
    const apiVersion = 'scheduling.k8s.io/v1';
    insert(context, 'scheduling.k8s.io', 'priorityclasses', {
      apiVersion,
      kind: 'PriorityClass',
      metadata: { name },
      value,
      description,
    });
  }
}

/** The Service has no selector, so no controller writes its endpoints: kube-apiserver writes its own address. */
function seedEndpoint(context: SeedContext, { host, port }: NonNullable<ApiServerOptions['endpoint']>): void {
  const ports = [{ name: 'https', port, protocol: 'TCP' }];
  insert(context, '', 'endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: [{ ip: host }], ports }],
  });
  insert(context, 'discovery.k8s.io', 'endpointslices', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [host], conditions: { ready: true } }],
    ports,
  });
}

/** Only users who are not administrators need these, so they are created last. */
export function seedRoles(context: SeedContext): void {
  for (const object of bootstrapRoles()) {
    const plural = object.kind === 'ClusterRole' ? 'clusterroles' : 'clusterrolebindings';
    insert(context, 'rbac.authorization.k8s.io', plural, object);
  }
}

function firstAddress(cidr: string): string {
  const parts = (cidr.split('/')[0] ?? '').split('.');
  return [...parts.slice(0, 3), Number(parts[3]) + 1].join('.');
}

function insert(context: SeedContext, group: string, plural: string, given: ApiObject): void {
  const kind = context.registry.stored(group, plural);
  if (kind === undefined) return;
  const object = clone(given);
  applyDefaults(kind, object);
  stampNew(object);
  kind.strategy.prepareCreate?.(object);
  context.store.put(kind.storage, keyOf(object.metadata.namespace, object.metadata.name), object);
}

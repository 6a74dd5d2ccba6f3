/**
 * The declared state of a cluster, which tells a mistake that makes no difference from one that nobody noticed. Leaves
 * out what the cluster generates on each run: addresses, certificates and objects owned by controllers.
 */
import type { ApiObject, ClusterApi } from '../../kube/types.ts';
import { isRecord } from '../../model/fields.ts';

/** Kinds that people write and that configure the mesh. */
const KINDS = [
  ...[
    'namespaces',
    'configmaps',
    'services',
    'serviceaccounts',
    'deployments',
    'statefulsets',
    'daemonsets',
    'jobs',
    'cronjobs',
  ],
  ...[
    'networkpolicies',
    'ingresses',
    'persistentvolumeclaims',
    'routes.route.openshift.io',
    'subscriptions.operators.coreos.com',
  ],
  ...['servicemeshcontrolplanes', 'servicemeshmemberrolls', 'servicemeshmembers', 'gateways.networking.istio.io'],
  ...['virtualservices', 'destinationrules', 'serviceentries', 'sidecars', 'envoyfilters', 'workloadentries'],
  ...['peerauthentications', 'authorizationpolicies', 'requestauthentications', 'telemetries'],
];

const MADE_UP = new Set([
  'clusterIP',
  'clusterIPs',
  'nodePort',
  'healthCheckNodePort',
  'secrets',
  'imagePullSecrets',
  'finalizers',
]);

/** @param domain of the cluster's Routes, which differs between sandboxes. @returns one line per object, sorted. */
export async function stateOf(api: ClusterApi, domain: string): Promise<readonly string[]> {
  const lists = await Promise.all(
    KINDS.map(async (name) => {
      const kind = await api.resolve(name);
      return kind === undefined ? [] : (await api.list(kind, {})).items.map((object) => [name, object] as const);
    }),
  );
  const lines = lists.flat().flatMap(([kind, object]) => linesOf(kind, object));
  return lines.map((line) => (domain === '' ? line : line.replaceAll(domain, 'apps'))).sort();
}

function linesOf(
  kind: string,
  { apiVersion: _version, kind: _kind, metadata, status: _status, ...rest }: ApiObject,
): string[] {
  if ('ownerReferences' in metadata) return [];
  const text = JSON.stringify(rest, (key, value: unknown) => (MADE_UP.has(key) ? undefined : sorted(value)));
  if (text.includes('BEGIN CERTIFICATE')) return [];
  return [
    `${kind} ${metadata.namespace ?? ''}/${metadata.name} ${JSON.stringify(sorted(lasting(metadata.labels ?? {})))} ${text}`,
  ];
}

/** Leaves out labels that count changes, which differ each time. */
function lasting(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !/resource-?version|generation$/i.test(key)));
}

function sorted(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What a new OpenShift cluster holds before anybody has used it. */

import { ApiError, type Client, type Resource, resource } from '../client/client.ts';
import { now } from '../client/conditions.ts';
import { type AnyObject, CONFIG_MAPS, NAMESPACES } from '../client/kinds.ts';
import { createOrPatch, putStatus } from './create-or-patch.ts';
import { CATALOG_SOURCES, OPERATOR_GROUPS } from './kinds.ts';
import type { Release } from './release.ts';

export const CATALOG_NAMESPACE = 'openshift-marketplace';
export const CATALOG = 'redhat-operators';
export const OPERATORS_NAMESPACE = 'openshift-operators';

const NAMESPACE_NAMES = [
  'default',
  'kube-node-lease',
  'kube-public',
  'kube-system',
  'openshift',
  'openshift-apiserver',
  'openshift-authentication',
  'openshift-config',
  'openshift-config-managed',
  'openshift-console',
  'openshift-dns',
  'openshift-image-registry',
  'openshift-infra',
  'openshift-ingress',
  'openshift-ingress-operator',
  CATALOG_NAMESPACE,
  'openshift-monitoring',
  'openshift-multus',
  'openshift-node',
  'openshift-operator-lifecycle-manager',
  OPERATORS_NAMESPACE,
  'openshift-sdn',
];
/** The routers' namespace: network policies of Routes select it by this label. */
const LABELS: Record<string, Record<string, string>> = {
  'openshift-ingress': { 'network.openshift.io/policy-group': 'ingress' },
  default: { 'network.openshift.io/policy-group': 'ingress' },
};

const config = (kind: string, plural: string): Resource<AnyObject> =>
  resource('config.openshift.io/v1', kind, plural, 'cluster');

export async function createFreshObjects(client: Client, release: Release, appsDomain: string): Promise<void> {
  await Promise.all(NAMESPACE_NAMES.map((name) => createNamespace(client, name)));
  await Promise.all([
    createVersion(client, release),
    createClusterOperator(client, 'openshift-apiserver', release),
    createClusterOperator(client, 'operator-lifecycle-manager', release),
    createOrPatch(client, config('Ingress', 'ingresses'), clusterConfig('Ingress', { domain: appsDomain })),
    createOrPatch(client, config('Console', 'consoles'), clusterConfig('Console', {})),
    createOrPatch(client, config('Network', 'networks'), clusterConfig('Network', { networkType: 'OVNKubernetes' })),
    createOrPatch(
      client,
      config('Infrastructure', 'infrastructures'),
      clusterConfig('Infrastructure', { platformSpec: { type: 'None' } }),
    ),
    createOrPatch(client, OPERATOR_GROUPS, {
      apiVersion: OPERATOR_GROUPS.apiVersion,
      kind: OPERATOR_GROUPS.kind,
      metadata: { name: 'global-operators', namespace: OPERATORS_NAMESPACE },
      spec: {},
    }),
    createCatalogSource(client),
    createOrPatch(client, CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'console-public', namespace: 'openshift-config-managed' },
      data: { consoleURL: `https://console-openshift-console.${appsDomain}` },
    }),
  ]);
}

function clusterConfig(kind: string, spec: object): AnyObject {
  return { apiVersion: 'config.openshift.io/v1', kind, metadata: { name: 'cluster' }, spec };
}

async function createNamespace(client: Client, name: string): Promise<void> {
  try {
    const labels = LABELS[name];
    const metadata = { name, ...(labels === undefined ? {} : { labels }) };
    await createOrPatch(client, NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 409)) throw error;
  }
}

async function createVersion(client: Client, release: Release): Promise<void> {
  const of = config('ClusterVersion', 'clusterversions');
  const { version, channel } = release.openshift;
  const object = await createOrPatch(client, of, {
    apiVersion: of.apiVersion,
    kind: of.kind,
    metadata: { name: 'version' },
    spec: { channel, clusterID: '00000000-0000-4000-8000-000000000000' },
  });
  const at = now();
  const image = `quay.io/openshift-release-dev/ocp-release:${version}-x86_64`;
  await putStatus(client, of, object, {
    observedGeneration: 1,
    versionHash: 'sandbox',
    desired: { version, image },
    availableUpdates: null,
    history: [{ state: 'Completed', startedTime: at, completionTime: at, version, image, verified: false }],
    conditions: [
      { type: 'Available', status: 'True', lastTransitionTime: at, message: `Done applying ${version}` },
      { type: 'Failing', status: 'False', lastTransitionTime: at },
      { type: 'Progressing', status: 'False', lastTransitionTime: at, message: `Cluster version is ${version}` },
    ],
  });
}

async function createClusterOperator(client: Client, name: string, release: Release): Promise<void> {
  const of = config('ClusterOperator', 'clusteroperators');
  const { version } = release.openshift;
  const object = await createOrPatch(client, of, {
    apiVersion: of.apiVersion,
    kind: of.kind,
    metadata: { name },
    spec: {},
  });
  const condition = (type: string, status: string) => ({
    type,
    status,
    reason: 'AsExpected',
    message: 'All is well',
    lastTransitionTime: now(),
  });
  await putStatus(client, of, object, {
    conditions: [condition('Available', 'True'), condition('Progressing', 'False'), condition('Degraded', 'False')],
    versions: [
      { name: 'operator', version },
      { name: name, version },
    ],
  });
}

async function createCatalogSource(client: Client): Promise<void> {
  const object = await createOrPatch(client, CATALOG_SOURCES, {
    apiVersion: CATALOG_SOURCES.apiVersion,
    kind: CATALOG_SOURCES.kind,
    metadata: { name: CATALOG, namespace: CATALOG_NAMESPACE },
    spec: {
      displayName: 'Red Hat Operators',
      publisher: 'Red Hat',
      sourceType: 'grpc',
      image: 'registry.redhat.io/redhat/redhat-operator-index:v4.8',
      priority: -100,
      updateStrategy: { registryPoll: { interval: '10m' } },
    },
  });
  const at = now();
  const address = `${CATALOG}.${CATALOG_NAMESPACE}.svc:50051`;
  await putStatus(client, CATALOG_SOURCES, object, {
    connectionState: { address, lastConnect: at, lastObservedState: 'READY' },
    registryService: {
      createdAt: at,
      port: '50051',
      protocol: 'grpc',
      serviceName: CATALOG,
      serviceNamespace: CATALOG_NAMESPACE,
    },
  });
}

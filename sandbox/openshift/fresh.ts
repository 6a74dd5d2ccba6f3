/** The objects of a new OpenShift cluster. */

import { ApiError, type Client, resource } from '../client/client.ts';
import { now } from '../client/conditions.ts';
import { type AnyObject, CONFIG_MAPS, NAMESPACES, SECRETS } from '../client/kinds.ts';
import { type ClusterSettings, createClusterConfig } from './cluster-config.ts';
import { createClusterOperators } from './cluster-operators.ts';
import { createOrPatch, putStatus } from './create-or-patch.ts';
import { createSampleStreams } from './images/samples.ts';
import { CATALOG_SOURCES, OPERATOR_GROUPS } from './kinds.ts';
import { createOperatorConfig } from './operator-config.ts';
import { type Release, versionsOf } from './release.ts';

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
];
/** Labels by namespace. Network policies select the router's namespace by this label. */
const LABELS: Record<string, Record<string, string>> = {
  'openshift-ingress': { 'network.openshift.io/policy-group': 'ingress' },
  default: { 'network.openshift.io/policy-group': 'ingress' },
};

/** The namespace of each network type. */
const NETWORK_NAMESPACE = { OpenShiftSDN: 'openshift-sdn', OVNKubernetes: 'openshift-ovn-kubernetes' };

const OPERATOR_HUBS = resource<AnyObject>('config.openshift.io/v1', 'OperatorHub', 'operatorhubs', 'cluster');

/** Secrets that web consoles read on every page. They hold no registry passwords and no alert receivers. */
const SECRETS_OF_THE_CLUSTER = [
  secretOf('openshift-config', 'pull-secret', 'kubernetes.io/dockerconfigjson', '.dockerconfigjson', '{"auths":{}}'),
  secretOf(
    'openshift-monitoring',
    'alertmanager-main',
    'Opaque',
    'alertmanager.yaml',
    'receivers: [{ name: Default }]\nroute: { receiver: Default }\n',
  ),
];

function secretOf(namespace: string, name: string, type: string, key: string, content: string) {
  const data = { [key]: Buffer.from(content).toString('base64') };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, data };
}

/** Resolves when all objects exist. */
export async function createFreshObjects(client: Client, release: Release, settings: ClusterSettings): Promise<void> {
  const namespaces = [...NAMESPACE_NAMES, NETWORK_NAMESPACE[release.openshift.networkType]];
  await Promise.all(namespaces.map((name) => createNamespace(client, name)));
  await Promise.all([
    createClusterConfig(client, release, settings),
    createClusterOperators(client, release),
    createOrPatch(client, OPERATOR_GROUPS, {
      apiVersion: OPERATOR_GROUPS.apiVersion,
      kind: OPERATOR_GROUPS.kind,
      metadata: { name: 'global-operators', namespace: OPERATORS_NAMESPACE },
      spec: {},
    }),
    createCatalogSource(client, release),
    createOperatorHub(client),
    createSampleStreams(client),
    createOperatorConfig(client, release, settings),
    ...SECRETS_OF_THE_CLUSTER.map((secret) => createOrPatch(client, SECRETS, secret)),
    createOrPatch(client, CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'console-public', namespace: 'openshift-config-managed' },
      data: { consoleURL: `https://console-openshift-console.${settings.appsDomain}` },
    }),
  ]);
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

/** The OperatorHub, which lists the catalogs and their state. */
async function createOperatorHub(client: Client): Promise<void> {
  const object = await createOrPatch(client, OPERATOR_HUBS, {
    apiVersion: OPERATOR_HUBS.apiVersion,
    kind: OPERATOR_HUBS.kind,
    metadata: { name: 'cluster' },
    spec: {},
  });
  await putStatus(client, OPERATOR_HUBS, object, { sources: [{ name: CATALOG, disabled: false, status: 'Success' }] });
}

async function createCatalogSource(client: Client, release: Release): Promise<void> {
  const object = await createOrPatch(client, CATALOG_SOURCES, {
    apiVersion: CATALOG_SOURCES.apiVersion,
    kind: CATALOG_SOURCES.kind,
    metadata: { name: CATALOG, namespace: CATALOG_NAMESPACE },
    spec: {
      displayName: 'Red Hat Operators',
      publisher: 'Red Hat',
      sourceType: 'grpc',
      image: `registry.redhat.io/redhat/redhat-operator-index:${versionsOf(release).tag}`,
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

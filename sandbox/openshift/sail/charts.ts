/** The visible objects of the charts `istiod`, `cni` and `ztunnel`. Pure. */

import { dump } from 'js-yaml';
import { fields } from '../../../model/fields.ts';
import type { OwnerReference } from '../../client/client.ts';
import { type AnyObject, type Container, DAEMON_SETS, type DaemonSet, type Labels } from '../../client/kinds.ts';
import { configMap, deployment, port, service, serviceAccount } from '../servicemesh/charts/parts.ts';
import { type Installation, istiodName, meshConfigName } from './installation.ts';

const REGISTRY = 'registry.redhat.io/openshift-service-mesh';

/** The image of a mesh program. @param version e.g. `v1.24.6`. */
export function image(program: 'pilot' | 'proxyv2' | 'cni' | 'ztunnel', version: string): string {
  return `${REGISTRY}/istio-${program}-rhel9:${version.replace(/^v/, '')}`;
}

/** The mesh configuration: defaults of Istio and the OpenShift profile, overridden by the values. */
export function meshConfigOf({ namespace, revision, values }: Installation): Record<string, unknown> {
  const { defaultConfig, ...own } = values.meshConfig ?? {};
  return {
    defaultConfig: { discoveryAddress: `${istiodName(revision)}.${namespace}.svc:15012`, ...fields(defaultConfig) },
    defaultProviders: { metrics: ['prometheus'] },
    enablePrometheusMerge: true,
    rootNamespace: namespace,
    trustDomain: 'cluster.local',
    ...own,
  };
}

export function istiod(installation: Installation): AnyObject[] {
  const { revision, version, values } = installation;
  const name = istiodName(revision);
  const selector = { app: 'istiod', 'istio.io/rev': revision };
  const container: Container = {
    name: 'discovery',
    image: image('pilot', version),
    args: ['discovery', '--monitoringAddr=:15014', '--log_output_level=default:info', '--domain', 'cluster.local'],
    ports: [8080, 15010, 15012, 15017, 15014].map((containerPort) => ({ containerPort, protocol: 'TCP' })),
    env: [
      { name: 'REVISION', value: revision },
      { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } },
      { name: 'PLATFORM', value: 'openshift' },
      ...Object.entries(values.pilot?.env ?? {}).map(([key, value]) => ({ name: key, value: String(value) })),
    ],
  };
  const ports = [
    port('grpc-xds', 15010),
    port('https-dns', 15012),
    port('https-webhook', 443, 15017),
    port('http-monitoring', 15014),
  ];
  const account = serviceAccount(name);
  const pods = deployment(
    name,
    { ...selector, istio: 'pilot', 'sidecar.istio.io/inject': 'false' },
    name,
    [container],
    { selector },
  );
  const replicas = values.pilot?.replicaCount ?? values.pilot?.autoscaleMin ?? 1;
  return [
    account,
    configMap(meshConfigName(revision), { mesh: dump(meshConfigOf(installation)), meshNetworks: 'networks: {}' }),
    service(name, selector, ports, { labels: { istio: 'pilot' } }),
    { ...pods, spec: { ...fields(pods['spec']), replicas } },
  ].map((object) => stamp(object, installation));
}

/** @param owner an IstioCNI or ZTunnel. */
export function nodeAgent(
  agent: { readonly name: string; readonly program: 'cni' | 'ztunnel'; readonly container: string },
  namespace: string,
  version: string,
  owner: OwnerReference,
): [AnyObject, DaemonSet] {
  const labels: Labels = { 'k8s-app': agent.name, 'app.kubernetes.io/name': agent.name };
  const { kind, apiVersion, metadata } = serviceAccount(agent.program === 'cni' ? 'istio-cni' : agent.name);
  const account = { apiVersion, kind, metadata: { ...metadata, namespace, labels: MANAGED, ownerReferences: [owner] } };
  return [
    account,
    {
      apiVersion: DAEMON_SETS.apiVersion,
      kind: DAEMON_SETS.kind,
      metadata: { name: agent.name, namespace, labels: { ...labels, ...MANAGED }, ownerReferences: [owner] },
      spec: {
        selector: { matchLabels: { 'k8s-app': agent.name } },
        template: {
          metadata: { labels: { ...labels, 'sidecar.istio.io/inject': 'false' } },
          spec: {
            serviceAccountName: account.metadata.name,
            tolerations: [{ operator: 'Exists' }],
            containers: [{ name: agent.container, image: image(agent.program, version) }],
          },
        },
      },
    },
  ];
}

const MANAGED = { 'app.kubernetes.io/managed-by': 'sail-operator', 'app.kubernetes.io/part-of': 'istio' };

function stamp(object: AnyObject, { namespace, revision, version, owner }: Installation): AnyObject {
  const labels = {
    ...object.metadata.labels,
    ...MANAGED,
    'app.kubernetes.io/version': version.replace(/^v/, ''),
    'istio.io/rev': revision,
  };
  return { ...object, metadata: { ...object.metadata, namespace, labels, ownerReferences: [owner] } };
}

/** The ClusterOperators of OpenShift, all healthy, for `oc get clusteroperators`. */
import type { Client } from '../client/client.ts';
import { now } from '../client/conditions.ts';
import type { AnyObject } from '../client/kinds.ts';
import { createOrPatch, putStatus } from './create-or-patch.ts';
import { CLUSTER_OPERATORS } from './kinds.ts';
import { type Release, versionsOf } from './release.ts';

/** The 31 operators of OpenShift 4.7 and 4.8 (recorded in openshift/insights-operator, docs/insights-archive-sample). */
const FROM_THE_START = [
  'authentication',
  'baremetal',
  'cloud-credential',
  'cluster-autoscaler',
  'config-operator',
  'console',
  'csi-snapshot-controller',
  'dns',
  'etcd',
  'image-registry',
  'ingress',
  'insights',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-storage-version-migrator',
  'machine-api',
  'machine-approver',
  'machine-config',
  'marketplace',
  'monitoring',
  'network',
  'node-tuning',
  'openshift-apiserver',
  'openshift-controller-manager',
  'openshift-samples',
  'operator-lifecycle-manager',
  'operator-lifecycle-manager-catalog',
  'operator-lifecycle-manager-packageserver',
  'service-ca',
  'storage',
];

/** Later operators, with the minor version of OpenShift 4 that added them (from real 4.9, 4.12 and 4.18 clusters). */
const LATER: readonly (readonly [minor: number, name: string])[] = [
  [9, 'cloud-controller-manager'],
  [12, 'control-plane-machine-set'],
  [18, 'olm'],
];

/** Operators whose message differs from the default of the shared library; `undefined` for no message. */
const MESSAGES: Readonly<Record<string, string | undefined>> = {
  ingress: 'desired and current number of IngressControllers are equal',
  network: undefined,
  'operator-lifecycle-manager': undefined,
};

/** Names in the order of `oc get clusteroperators`. */
export function clusterOperatorNames(release: Release): string[] {
  const { minor } = versionsOf(release);
  const later = LATER.filter(([since]) => minor >= since).map(([, name]) => name);
  return [...FROM_THE_START, ...later].sort();
}

/** Resolves when every ClusterOperator of the release exists, with its status. */
export async function createClusterOperators(client: Client, release: Release): Promise<void> {
  await Promise.all(clusterOperatorNames(release).map((name) => createClusterOperator(client, name, release)));
}

async function createClusterOperator(client: Client, name: string, release: Release): Promise<void> {
  const { apiVersion, kind } = CLUSTER_OPERATORS;
  const wanted: AnyObject = { apiVersion, kind, metadata: { name }, spec: {} };
  const { version } = release.openshift;
  const object = await createOrPatch(client, CLUSTER_OPERATORS, wanted);
  const message = name in MESSAGES ? MESSAGES[name] : 'All is well';
  const words = message === undefined ? {} : { reason: 'AsExpected', message };
  const lastTransitionTime = now();
  const condition = (type: string, status: 'True' | 'False') => ({ type, status, lastTransitionTime, ...words });
  await putStatus(client, CLUSTER_OPERATORS, object, {
    conditions: [
      condition('Degraded', 'False'),
      condition('Progressing', 'False'),
      condition('Available', 'True'),
      condition('Upgradeable', 'True'),
    ],
    versions: [
      { name: 'operator', version },
      { name, version },
    ],
  });
}

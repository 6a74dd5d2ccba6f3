/**
 * The objects of operator.openshift.io, which hold the settings of OpenShift's operators. Their shapes were recorded from a
 * real 4.7 cluster (openshift/insights-operator, docs/insights-archive-sample).
 */
import { type Client, resource } from '../client/client.ts';
import { now } from '../client/conditions.ts';
import type { AnyObject } from '../client/kinds.ts';
import type { ClusterSettings } from './cluster-config.ts';
import { createOrPatch, putStatus } from './create-or-patch.ts';
import type { Release } from './release.ts';

const API_VERSION = 'operator.openshift.io/v1';
const INGRESS_CONTROLLERS = resource<AnyObject>(API_VERSION, 'IngressController', 'ingresscontrollers');
const NETWORKS = resource<AnyObject>(API_VERSION, 'Network', 'networks', 'cluster');

/** Resolves when all objects exist, with their status. */
export async function createOperatorConfig(client: Client, release: Release, settings: ClusterSettings): Promise<void> {
  await Promise.all([createIngressController(client, settings), createNetwork(client, release, settings)]);
}

/** The IngressController of the sandbox's single router. */
async function createIngressController(client: Client, { appsDomain }: ClusterSettings): Promise<void> {
  const metadata = { name: 'default', namespace: 'openshift-ingress-operator' };
  const { apiVersion, kind } = INGRESS_CONTROLLERS;
  const object = await createOrPatch(client, INGRESS_CONTROLLERS, {
    apiVersion,
    kind,
    metadata,
    spec: { replicas: 1 },
  });
  await putStatus(client, INGRESS_CONTROLLERS, object, {
    domain: appsDomain,
    availableReplicas: 1,
    observedGeneration: 1,
    selector: 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller=default',
    endpointPublishingStrategy: { type: 'HostNetwork' },
    conditions: [
      ['Admitted', 'True', 'Valid'],
      ['Available', 'True', ''],
      ['Progressing', 'False', ''],
      ['Degraded', 'False', ''],
    ].map(([type, status, reason]) => ({
      type,
      status,
      lastTransitionTime: now(),
      ...(reason === '' ? {} : { reason }),
    })),
  });
}

async function createNetwork(client: Client, { openshift }: Release, settings: ClusterSettings): Promise<void> {
  const { apiVersion, kind } = NETWORKS;
  await createOrPatch(client, NETWORKS, {
    apiVersion,
    kind,
    metadata: { name: 'cluster' },
    spec: {
      clusterNetwork: [{ cidr: settings.podCidr, hostPrefix: 23 }],
      serviceNetwork: [settings.serviceCidr],
      defaultNetwork: { type: openshift.networkType },
      managementState: 'Managed',
    },
  });
}

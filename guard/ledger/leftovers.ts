/**
 * Objects that the Service Mesh operator creates for itself, without an owner, and leaves behind: the list from Red Hat's page on
 * removing OpenShift Service Mesh ("Removing the installed Operators", "Clean up Operator resources").
 */

import type { Rest } from '../../kube/rest.ts';
import type { GroupVersionResource } from '../proxy/request-info.ts';
import { getObject, type KubeObject, listObjects } from './object.ts';
import { gvrOf } from './ownership.ts';

interface Leftover {
  readonly apiVersion: string;
  readonly resource: string;
  readonly names: readonly string[];
}

/** The kind by which a Maistra operator is recognized. */
export const MESH_KIND = 'servicemeshcontrolplanes.maistra.io';

const IN_ITS_NAMESPACE: readonly Leftover[] = [
  { apiVersion: 'apps/v1', resource: 'daemonsets', names: ['istio-node'] },
  { apiVersion: 'v1', resource: 'serviceaccounts', names: ['istio-cni'] },
  { apiVersion: 'v1', resource: 'configmaps', names: ['istio-cni-config'] },
  { apiVersion: 'v1', resource: 'services', names: ['maistra-admission-controller'] },
];
const WEBHOOKS = ['openshift-operators.servicemesh-resources.maistra.io'];
const ON_THE_CLUSTER: readonly Leftover[] = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    resource: 'validatingwebhookconfigurations',
    names: WEBHOOKS,
  },
  { apiVersion: 'admissionregistration.k8s.io/v1', resource: 'mutatingwebhookconfigurations', names: WEBHOOKS },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    resource: 'clusterroles',
    names: ['istio-admin', 'istio-edit', 'istio-view', 'istio-cni'],
  },
  { apiVersion: 'rbac.authorization.k8s.io/v1', resource: 'clusterrolebindings', names: ['istio-cni'] },
];
const DEFINITIONS = gvrOf('apiextensions.k8s.io/v1', 'customresourcedefinitions');

/**
 * @param namespace the operator's.
 * @returns those that exist, whatever their age.
 * @throws {ApiError}
 */
export async function leftoversOfMesh(
  rest: Rest,
  namespace: string | undefined,
): Promise<readonly { gvr: GroupVersionResource; object: KubeObject }[]> {
  const found: { gvr: GroupVersionResource; object: KubeObject }[] = [];
  const look = async ({ apiVersion, resource, names }: Leftover, within?: string): Promise<void> => {
    const gvr = gvrOf(apiVersion, resource, within);
    for (const name of names) {
      const object = await getObject(rest, gvr, name);
      if (object !== undefined) found.push({ gvr, object });
    }
  };
  for (const one of IN_ITS_NAMESPACE) await look(one, namespace);
  for (const one of ON_THE_CLUSTER) await look(one);
  for (const object of await listObjects(rest, DEFINITIONS, new URLSearchParams()))
    if (/\.(istio|maistra)\.io$/.test(object.metadata.name)) found.push({ gvr: DEFINITIONS, object });
  return found;
}

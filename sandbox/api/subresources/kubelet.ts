/** Finds the kubelet of a pod, and the container that a request addresses. */
import { at, number, recordsAt, text } from '../../../model/fields.ts';
import { badRequest, notFound, StatusError } from '../status.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';

const PODS = { group: '', plural: 'pods' };

export interface Kubelet {
  readonly host: string;
  readonly port: number;
}

/** @throws {StatusError} NotFound. */
export function findPod(store: Store, namespace: string, name: string): ApiObject {
  const pod = store.get('/pods', `${namespace}/${name}`)?.object;
  if (pod === undefined) throw notFound(PODS, name);
  return pod;
}

/** Like kube-apiserver without `--kubelet-certificate-authority`: kubelets have self-signed certificates. */
export const KUBELET_TLS = { rejectUnauthorized: false } as const;

/** @throws {StatusError} BadRequest while the pod has no node, InternalError when the node has no kubelet. */
export function kubeletOf(store: Store, pod: ApiObject): Kubelet {
  const nodeName = text(at(pod, 'spec', 'nodeName'));
  if (nodeName === '') throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const node = store.get('/nodes', nodeName)?.object;
  const host = text(recordsAt(node, 'status', 'addresses').find((one) => one['type'] === 'InternalIP')?.['address']);
  const port = number(at(node, 'status', 'daemonEndpoints', 'kubeletEndpoint', 'Port'));
  if (host === '' || port === 0) {
    throw new StatusError(
      500,
      'InternalError',
      `Internal error occurred: node "${nodeName}" has no kubelet address: it needs status.addresses (InternalIP) and status.daemonEndpoints.kubeletEndpoint.Port`,
    );
  }
  return { host, port };
}

/** The requested container, or the only one. @throws {StatusError} BadRequest with kube-apiserver's message. */
export function containerOf(pod: ApiObject, asked: string): string {
  const names = (list: string) => recordsAt(pod, 'spec', list).map((one) => text(one['name']));
  const [containers, inits] = [names('containers'), names('initContainers')];
  const { name } = pod.metadata;
  if (asked !== '') {
    if ([...containers, ...inits, ...names('ephemeralContainers')].includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only] = containers;
  if (containers.length === 1 && only !== undefined) return only;
  const choices = `choose one of: [${containers.join(' ')}]`;
  const also = inits.length === 0 ? '' : ` or one of the init containers: [${inits.join(' ')}]`;
  throw badRequest(`a container name must be specified for pod ${name}, ${choices}${also}`);
}

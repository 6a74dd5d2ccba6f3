/** Endpoints and EndpointSlices of Services with a selector. */

import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client, type KubeObject, type Resource } from '../client/client.ts';
import { canonical, safeHash } from '../client/hash.ts';
import { keyOf } from '../client/informer.ts';
import {
  ENDPOINT_SLICES,
  ENDPOINTS,
  type EndpointSlice,
  type Endpoints,
  PODS,
  type Pod,
  SERVICES,
  type Service,
} from '../client/kinds.ts';
import { controllerReference } from '../client/ownership.ts';
import { matchesLabels } from '../labels/selector.ts';
import { isReady } from './pods.ts';

export function startEndpoints(context: ControllerContext): RunningController {
  const { client, informers } = context;
  const services = informers.of(SERVICES);
  const pods = informers.of(PODS);
  return controllerFor(context, 'endpoint-controller', SERVICES)
    .watches(PODS, ({ object, before }) => {
      if (before !== undefined && endpointState(before) === endpointState(object)) return [];
      const selecting = services.list(object.metadata.namespace).filter(({ spec: { selector } }) => {
        if (selector === undefined) return false;
        return matchesLabels(selector, object.metadata.labels) || matchesLabels(selector, before?.metadata.labels);
      });
      return selecting.map(keyOf);
    })
    .reconciles({
      present: async (service) => {
        const { selector } = service.spec;
        if (selector === undefined) return;
        const selected = pods
          .list(service.metadata.namespace)
          .filter((pod) => matchesLabels(selector, pod.metadata.labels) && hasAddress(pod));
        await put(client, ENDPOINTS, endpointsOf(service, selected));
        await put(client, ENDPOINT_SLICES, sliceOf(service, selected));
      },
      gone: (key) => removeEndpoints(client, key),
    });
}

/** The fields of a pod that its Services' endpoints depend on. */
function endpointState(pod: Pod): string {
  const { labels, deletionTimestamp } = pod.metadata;
  return canonical([labels, deletionTimestamp, pod.status?.podIP, pod.status?.phase, isReady(pod)]);
}

function hasAddress(pod: Pod): boolean {
  return Boolean(pod.status?.podIP) && pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded';
}

function portsOf(service: Service, pod: Pod) {
  return (service.spec.ports ?? []).flatMap(({ name, port, targetPort = port, protocol = 'TCP', appProtocol }) => {
    const number =
      typeof targetPort === 'number'
        ? targetPort
        : pod.spec.containers
            .flatMap((container) => container.ports ?? [])
            .find((one) => one.name === targetPort && (one.protocol ?? 'TCP') === protocol)?.containerPort;
    if (number === undefined) return [];
    return [
      {
        ...(name === undefined ? {} : { name }),
        port: number,
        protocol,
        ...(appProtocol === undefined ? {} : { appProtocol }),
      },
    ];
  });
}

/** A pod whose `subdomain` is the Service has its own name in it. */
function hostnameIn(service: Service, { spec }: Pod): { hostname?: string } {
  const named = typeof spec['hostname'] === 'string' && spec['subdomain'] === service.metadata.name;
  return named ? { hostname: String(spec['hostname']) } : {};
}

function targetOf(pod: Pod) {
  const { name, namespace = '', uid = '' } = pod.metadata;
  return { kind: 'Pod', name, namespace, uid };
}

export function endpointsOf(service: Service, pods: readonly Pod[]): Endpoints {
  const groups = new Map<string, NonNullable<Endpoints['subsets']>[number]>();
  for (const pod of [...pods].sort((a, b) => (a.status?.podIP ?? '').localeCompare(b.status?.podIP ?? ''))) {
    const ports = portsOf(service, pod);
    // A headless Service may have no ports: its name resolves to the pods.
    const unreachable = ports.length === 0 && service.spec.clusterIP !== 'None';
    if (pod.metadata.deletionTimestamp !== undefined || unreachable) continue;
    const group = groups.get(canonical(ports)) ?? { ports };
    groups.set(canonical(ports), group);
    const address = {
      ip: pod.status?.podIP ?? '',
      ...hostnameIn(service, pod),
      ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
      targetRef: targetOf(pod),
    };
    const list = isReady(pod) || service.spec.publishNotReadyAddresses === true ? 'addresses' : 'notReadyAddresses';
    group[list] = [...(group[list] ?? []), address];
  }
  const { name, namespace, labels } = service.metadata;
  const subsets = [...groups.values()];
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(labels === undefined ? {} : { labels }) },
    ...(subsets.length === 0 ? {} : { subsets }),
  };
}

/** One slice per Service: pods whose named ports differ in number would need more, and do not occur with one template. */
export function sliceOf(service: Service, pods: readonly Pod[]): EndpointSlice {
  const { name, namespace, labels } = service.metadata;
  // A slice names every port, also the one without a name: clients read it without asking.
  const ports = (pods.map((pod) => portsOf(service, pod)).find((one) => one.length > 0) ?? []).map((port) => ({
    name: '',
    ...port,
  }));
  const endpoints = [...pods]
    .sort((a, b) => (a.status?.podIP ?? '').localeCompare(b.status?.podIP ?? ''))
    .map((pod) => {
      const terminating = pod.metadata.deletionTimestamp !== undefined;
      const serving = isReady(pod) || service.spec.publishNotReadyAddresses === true;
      return {
        addresses: [pod.status?.podIP ?? ''],
        conditions: { ready: serving && !terminating, serving, terminating },
        ...hostnameIn(service, pod),
        ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
        targetRef: targetOf(pod),
      };
    });
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${safeHash(service.metadata.uid ?? name).slice(0, 5)}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        ...labels,
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [controllerReference(service)],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  };
}

async function put<T extends KubeObject>(client: Client, of: Resource<T>, desired: T): Promise<void> {
  const { name, namespace } = desired.metadata;
  const existing = await client.find(of, name, namespace);
  if (existing === undefined) {
    await client.create(of, desired);
    return;
  }
  const merged = { ...desired, metadata: { ...existing.metadata, labels: desired.metadata.labels ?? {} } };
  if (
    canonical({ ...merged, metadata: desired.metadata.labels ?? {} }) ===
    canonical({ ...existing, metadata: existing.metadata.labels ?? {} })
  )
    return;
  await client.replace(of, merged);
}

/** Endpoints have no owner reference on a real cluster either; slices are garbage-collected with the Service. */
async function removeEndpoints(client: Client, key: string): Promise<void> {
  const [namespace = '', name = ''] = key.split('/');
  try {
    await client.delete(ENDPOINTS, name, namespace);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 404)) throw error;
  }
}

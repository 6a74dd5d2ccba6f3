/** Services without pods, incomplete workloads, and the reasons. */

import { at, recordsAt, textAt } from '../../model/fields.ts';
import type { ApiObject } from '../types.ts';
import { labelsAt, written } from './labels.ts';
import { hasLabels } from './routing.ts';
import type { Snapshot } from './snapshot.ts';

const PROXY = 'istio-proxy';

/** Each a sentence that begins with the object's kind and name. */
export function workloadFindings(snapshot: Snapshot): readonly string[] {
  const workloads = [...snapshot.list('deployments.apps'), ...snapshot.list('statefulsets.apps')];
  return [
    ...workloads.flatMap((workload) => replicaFindings(workload, snapshot)),
    ...snapshot.list('services').flatMap((service) => serviceFindings(service, snapshot)),
    ...proxyFindings(snapshot),
    ...policyFindings(snapshot),
  ];
}

function replicaFindings(workload: ApiObject, snapshot: Snapshot): readonly string[] {
  const name = `${workload.kind} ${workload.metadata.name}`;
  const wanted = at(workload.spec, 'replicas') ?? 1;
  const ready = at(workload.status, 'readyReplicas') ?? 0;
  if (wanted === 0) return [`${name}: scaled to 0`];
  if (ready === wanted) return [];
  const selector = labelsAt(workload.spec, 'selector', 'matchLabels') ?? {};
  const pods = snapshot.list('pods').filter((pod) => hasLabels(pod, selector));
  const why = new Set(pods.flatMap((pod) => podTroubles(pod)));
  return [`${name}: ${String(ready)} of ${String(wanted)} pods are ready${[...why].map((one) => `; ${one}`).join('')}`];
}

/** What a pod's status says about containers that do not run, or why it has no node. */
function podTroubles({ status }: ApiObject): readonly string[] {
  const waiting = recordsAt(status, 'containerStatuses').flatMap((container) => {
    const reason = textAt(container, 'state', 'waiting', 'reason');
    const message = textAt(container, 'state', 'waiting', 'message');
    const name = textAt(container, 'name') ?? '';
    if (reason !== undefined) return [`container ${name}: ${[reason, message].filter(Boolean).join(': ')}`];
    return at(container, 'ready') === false ? [`container ${name} is not ready`] : [];
  });
  const unscheduled = recordsAt(status, 'conditions')
    .filter((condition) => condition['type'] === 'PodScheduled' && condition['status'] === 'False')
    .flatMap((condition) => textAt(condition, 'message') ?? []);
  return [...waiting, ...unscheduled];
}

function serviceFindings(service: ApiObject, snapshot: Snapshot): readonly string[] {
  const name = `Service ${service.metadata.name}`;
  const selector = labelsAt(service.spec, 'selector');
  if (selector === undefined) return [];
  const pods = snapshot.list('pods').filter((pod) => hasLabels(pod, selector));
  if (pods.length === 0) return [`${name}: no pod has ${written(selector)}`];
  const ports = pods.flatMap((pod) => recordsAt(pod.spec, 'containers').flatMap((one) => recordsAt(one, 'ports')));
  const targets = recordsAt(service.spec, 'ports').flatMap((port) => port['targetPort'] ?? port['port'] ?? []);
  const known = new Set(ports.flatMap((port) => [port['name'], port['containerPort']]));
  return targets
    .filter((target) => known.size > 0 && !known.has(target))
    .map((target) => `${name}: targetPort ${String(target)}, which its pods do not declare`);
}

/** Workloads without a proxy among others that have one. */
function proxyFindings(snapshot: Snapshot): readonly string[] {
  const hasProxy = (pod: ApiObject): boolean =>
    [...recordsAt(pod.spec, 'containers'), ...recordsAt(pod.spec, 'initContainers')].some(({ name }) => name === PROXY);
  const pods = snapshot.list('pods').filter(({ status }) => textAt(status, 'phase') === 'Running');
  if (!pods.some(hasProxy)) return [];
  // Pods created for a single call may have no proxy.
  const without = pods.filter((pod) => !hasProxy(pod) && pod.metadata.labels?.['pod-template-hash'] !== undefined);
  const workloads = new Set(without.map(({ metadata }) => metadata.name.split('-').slice(0, -2).join('-')));
  return [...workloads].map((name) => `Deployment ${name}: its pods have no proxy`);
}

function policyFindings(snapshot: Snapshot): readonly string[] {
  return snapshot
    .list('networkpolicies.networking.k8s.io')
    .filter(({ spec }) => at(spec, 'egress') !== undefined)
    .map(
      ({ metadata }) =>
        `NetworkPolicy ${metadata.name}: drops everything that pods send to other destinations than those listed`,
    );
}

/** Computes a pod's status from its containers. */

import type { Condition, ContainerStatus, Pod, PodStatus } from './kinds.ts';
import { timestamp } from './kinds.ts';
import { isSidecar } from './pod-containers.ts';

export interface Observed {
  readonly hostIP: string;
  readonly podIP: string | undefined;
  readonly startTime: string;
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
  /** These do not affect the phase or conditions of the pod. */
  readonly ephemeralContainers?: readonly ContainerStatus[];
}

/** @param now RFC 3339; conditions whose status did not change keep their time. */
export function statusOf(pod: Pod, observed: Observed, now = timestamp()): PodStatus {
  const { containers, initContainers, ephemeralContainers = [] } = observed;
  const phase = phaseOf(pod, observed);
  const isBeside = sidecarNames(pod);
  const sidecars = initContainers.filter((one) => isBeside.has(one.name));
  const pending = initContainers.filter((one) => !isInitialized(one, isBeside)).map((one) => one.name);
  const initialized = pending.length === 0;
  const unready = [...sidecars, ...containers].filter((one) => !one.ready).map((one) => one.name);
  const notReady =
    phase === 'Succeeded'
      ? { reason: 'PodCompleted', message: '' }
      : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const readyCondition = (type: string): Condition =>
    unready.length === 0 ? { type, status: 'True' } : { type, status: 'False', ...notReady };
  const wanted: Condition[] = [
    initialized
      ? { type: 'Initialized', status: 'True', ...(phase === 'Succeeded' ? { reason: 'PodCompleted' } : {}) }
      : {
          type: 'Initialized',
          status: 'False',
          reason: 'ContainersNotInitialized',
          message: `containers with incomplete status: [${pending.join(' ')}]`,
        },
    readyCondition('Ready'),
    readyCondition('ContainersReady'),
    { type: 'PodScheduled', status: 'True' },
  ];
  return {
    phase,
    conditions: merge(pod.status?.conditions ?? [], wanted, now),
    hostIP: observed.hostIP,
    ...(observed.podIP === undefined ? {} : { podIP: observed.podIP, podIPs: [{ ip: observed.podIP }] }),
    startTime: observed.startTime,
    ...(initContainers.length === 0 ? {} : { initContainerStatuses: [...initContainers] }),
    containerStatuses: [...containers],
    ...(ephemeralContainers.length === 0 ? {} : { ephemeralContainerStatuses: [...ephemeralContainers] }),
  };
}

function sidecarNames({ spec }: Pod): ReadonlySet<string> {
  return new Set((spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
}

/** A sidecar that is being restarted counts as started. */
function isInitialized(one: ContainerStatus, sidecars: ReadonlySet<string>): boolean {
  if (sidecars.has(one.name)) return one.started === true || one.lastState.terminated !== undefined;
  return one.state.terminated?.exitCode === 0;
}

export function phaseOf(pod: Pod, observed: Pick<Observed, 'containers' | 'initContainers'>): string {
  const { containers, initContainers } = observed;
  const policy = pod.spec.restartPolicy ?? 'Always';
  const failed = (one: ContainerStatus) => (one.state.terminated?.exitCode ?? 0) !== 0;
  const isBeside = sidecarNames(pod);
  if (policy === 'Never' && initContainers.some((one) => !isBeside.has(one.name) && failed(one))) return 'Failed';
  const begun = (one: ContainerStatus) =>
    one.state.running !== undefined || one.state.terminated !== undefined || one.lastState.terminated !== undefined;
  if (!containers.every(begun)) return 'Pending';
  // The pod ends with its sidecars, but the main containers decide whether it succeeded.
  const ended = [...containers, ...initContainers.filter((one) => isBeside.has(one.name))];
  const over = policy !== 'Always' && ended.every((one) => one.state.terminated !== undefined);
  if (over && !containers.some(failed)) return 'Succeeded';
  if (over && policy === 'Never') return 'Failed';
  return 'Running';
}

function merge(known: readonly Condition[], wanted: readonly Condition[], now: string): Condition[] {
  const own = wanted.map((condition): Condition => {
    const before = known.find((one) => one.type === condition.type);
    const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
    return {
      type: condition.type,
      status: condition.status,
      lastProbeTime: null,
      lastTransitionTime: since ?? now,
      ...(condition.reason ? { reason: condition.reason } : {}),
      ...(condition.message ? { message: condition.message } : {}),
    };
  });
  const others = known.filter((one) => wanted.every((condition) => condition.type !== one.type));
  return [...own, ...others];
}

/** The columns of pods, including STATUS: Init:0/1, CrashLoopBackOff, Completed, Terminating. */
import { at, type Fields, number, records, recordsAt, text } from '../../../model/fields.ts';
import type { ApiObject, TablePrinter } from '../types.ts';
import { age } from './age.ts';
import { AGE, column, printer, wide } from './default.ts';

export const PODS: TablePrinter = printer(
  [
    column('Ready'),
    column('Status'),
    column('Restarts'),
    AGE,
    wide('IP'),
    wide('Node'),
    wide('Nominated Node'),
    wide('Readiness Gates'),
  ],
  (pod, now) => {
    const counted = [
      ...sidecarsOf(pod, 'status', 'initContainerStatuses'),
      ...records(at(pod, 'status', 'containerStatuses')),
    ];
    const ready = counted.filter(
      (status) =>
        status['ready'] === true && status['state'] !== undefined && at(status, 'state', 'running') !== undefined,
    ).length;
    const { reason, restarts, last } = podStatus(pod);
    const restarted =
      restarts > 0 && last > 0 ? `${restarts} (${age(new Date(last).toISOString(), now)} ago)` : String(restarts);
    return [
      `${ready}/${recordsAt(pod, 'spec', 'containers').length + sidecarsOf(pod, 'spec', 'initContainers').length}`,
      reason,
      restarted,
      text(at(pod, 'status', 'podIP')) || '<none>',
      text(at(pod, 'spec', 'nodeName')) || '<none>',
      text(at(pod, 'status', 'nominatedNodeName')) || '<none>',
      readinessGates(pod),
    ];
  },
);

/** The items of an init container list that belong to native sidecars, which count as containers. */
function sidecarsOf(pod: ApiObject, ...path: string[]): Fields[] {
  const sidecars = recordsAt(pod, 'spec', 'initContainers').filter((one) => one['restartPolicy'] === 'Always');
  const names = new Set(sidecars.map((one) => one['name']));
  return recordsAt(pod, ...path).filter((one) => names.has(one['name']));
}

interface PodState {
  readonly reason: string;
  readonly restarts: number;
  /** When a container last terminated, in milliseconds since 1970; 0 for never. */
  readonly last: number;
}

function podStatus(pod: ApiObject): PodState {
  let reason = text(at(pod, 'status', 'reason')) || text(at(pod, 'status', 'phase')) || 'Unknown';
  const containers = recordsAt(pod, 'status', 'containerStatuses');
  const inits = recordsAt(pod, 'status', 'initContainerStatuses');
  const waitingInit = isInitialized(pod) ? undefined : initReason(pod, inits);
  const beside = sidecarsOf(pod, 'status', 'initContainerStatuses');
  const counted = waitingInit === undefined ? [...beside, ...containers] : inits;
  if (waitingInit !== undefined) reason = waitingInit;
  else reason = containerReason(containers, reason, pod);
  if (pod.metadata.deletionTimestamp !== undefined) {
    reason = text(at(pod, 'status', 'reason')) === 'NodeLost' ? 'Unknown' : 'Terminating';
  }
  const restarts = counted.reduce((sum, status) => sum + number(status['restartCount']), 0);
  const ends = counted.map((status) => Date.parse(text(at(status, 'lastState', 'terminated', 'finishedAt'))) || 0);
  return { reason, restarts, last: Math.max(0, ...ends) };
}

/** Once the main containers have started, the status no longer shows init containers. */
function isInitialized(pod: ApiObject): boolean {
  return recordsAt(pod, 'status', 'conditions').some(
    (one) => one['type'] === 'Initialized' && one['status'] === 'True',
  );
}

function initReason(pod: ApiObject, statuses: readonly Fields[]): string | undefined {
  const total = recordsAt(pod, 'spec', 'initContainers').length;
  const sidecars = new Set(sidecarsOf(pod, 'spec', 'initContainers').map((one) => one['name']));
  for (const [index, status] of statuses.entries()) {
    const terminated = at(status, 'state', 'terminated');
    if (terminated !== undefined && number(at(terminated, 'exitCode')) === 0) continue;
    if (sidecars.has(status['name']) && status['started'] === true) continue;
    if (terminated !== undefined) return `Init:${endReason(terminated)}`;
    const waiting = text(at(status, 'state', 'waiting', 'reason'));
    return waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
  }
  return undefined;
}

function containerReason(statuses: readonly Fields[], phase: string, pod: ApiObject): string {
  let reason = phase;
  let running = false;
  for (const status of statuses.toReversed()) {
    const waiting = text(at(status, 'state', 'waiting', 'reason'));
    const terminated = at(status, 'state', 'terminated');
    if (waiting !== '') reason = waiting;
    else if (terminated !== undefined) reason = endReason(terminated);
    else if (status['ready'] === true && at(status, 'state', 'running') !== undefined) running = true;
  }
  if (reason !== 'Completed' || !running) return reason;
  const ready = recordsAt(pod, 'status', 'conditions').some(
    (one) => one['type'] === 'Ready' && one['status'] === 'True',
  );
  return ready ? 'Running' : 'NotReady';
}

function endReason(terminated: unknown): string {
  const reason = text(at(terminated, 'reason'));
  if (reason !== '') return reason;
  const signal = number(at(terminated, 'signal'));
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${number(at(terminated, 'exitCode'))}`;
}

function readinessGates(pod: ApiObject): string {
  const gates = recordsAt(pod, 'spec', 'readinessGates');
  if (gates.length === 0) return '<none>';
  const conditions = recordsAt(pod, 'status', 'conditions');
  const met = gates.filter((gate) =>
    conditions.some((one) => one['type'] === gate['conditionType'] && one['status'] === 'True'),
  );
  return `${met.length}/${gates.length}`;
}

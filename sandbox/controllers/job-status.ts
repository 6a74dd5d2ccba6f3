/** Evaluates a Job's pods: how many more it needs, whether it has failed, and its status. */

import { condition, now, withCondition } from '../client/conditions.ts';
import type { Condition, Pod } from '../client/kinds.ts';
import type { Job, JobStatus } from './batch-kinds.ts';
import { isActive, isReady } from './pods.ts';

export const INDEX = 'batch.kubernetes.io/job-completion-index';

/** Pods by result; finished ones may have been deleted since. */
export interface Tally {
  readonly active: readonly Pod[];
  readonly terminating: number;
  /** Completion indexes by UID; an empty index if the Job has none. */
  readonly succeeded: ReadonlyMap<string, string>;
  readonly failed: ReadonlyMap<string, string>;
}

export function isFinished(job: Job): boolean {
  return ['Complete', 'Failed'].some((type) => condition(job.status?.conditions, type)?.status === 'True');
}

export function isIndexed(job: Job): boolean {
  return job.spec.completionMode === 'Indexed';
}

/** The completion indexes for which a pod has succeeded. */
export function doneIndexes(tally: Tally): Set<number> {
  return new Set([...tally.succeeded.values()].filter((index) => index !== '').map(Number));
}

/** The number of completions: of indexes in an indexed Job, otherwise of pods. */
export function successes(job: Job, tally: Tally): number {
  return isIndexed(job) ? doneIndexes(tally).size : tally.succeeded.size;
}

/** How many pods should be running now. */
export function wantedPods(job: Job, tally: Tally): number {
  const { parallelism = 1, completions } = job.spec;
  const done = successes(job, tally);
  // A work queue: once one pod has succeeded, no new ones start, and the others finish.
  if (completions === undefined) return done > 0 ? Math.min(tally.active.length, parallelism) : parallelism;
  return Math.max(0, Math.min(parallelism, completions - done));
}

export function isComplete(job: Job, tally: Tally): boolean {
  const { completions } = job.spec;
  const done = successes(job, tally);
  if (completions === undefined) return done > 0 && tally.active.length === 0;
  return done >= completions;
}

/** Why the Job has failed, if it has. Reasons and messages are kube-controller-manager's. */
export function failureOf(job: Job, tally: Tally): { reason: string; message: string } | undefined {
  const { backoffLimit = 6, activeDeadlineSeconds, template } = job.spec;
  const restarts = template.spec['restartPolicy'] === 'OnFailure' ? sum(tally.active.map(restartsOf)) : 0;
  const worn = restarts > 0 && restarts >= backoffLimit;
  if (tally.failed.size > backoffLimit || worn)
    return { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  if (activeDeadlineSeconds !== undefined && (deadlineIn(job) ?? 1) <= 0)
    return { reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  return undefined;
}

/** Milliseconds until the Job's deadline. */
export function deadlineIn(job: Job): number | undefined {
  const { activeDeadlineSeconds } = job.spec;
  const started = job.status?.startTime;
  if (activeDeadlineSeconds === undefined || started === undefined) return undefined;
  return Date.parse(started) + activeDeadlineSeconds * 1000 - Date.now();
}

/** Status of a running Job, with the given `conditions`. */
export function statusOf(job: Job, tally: Tally, conditions: Condition[]): JobStatus {
  const suspended = job.spec.suspend === true;
  const startTime = suspended ? undefined : (job.status?.startTime ?? now());
  const succeeded = successes(job, tally);
  const complete = condition(conditions, 'Complete')?.status === 'True';
  return {
    ...(startTime === undefined ? {} : { startTime }),
    ...(complete ? { completionTime: job.status?.completionTime ?? now() } : {}),
    ...(tally.active.length === 0 ? {} : { active: tally.active.length }),
    ready: tally.active.filter((pod) => isActive(pod) && isReady(pod)).length,
    terminating: tally.terminating,
    ...(succeeded === 0 ? {} : { succeeded }),
    ...(tally.failed.size === 0 ? {} : { failed: tally.failed.size }),
    ...(isIndexed(job) ? { completedIndexes: ranges([...doneIndexes(tally)]) } : {}),
    uncountedTerminatedPods: {},
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

/** The result in two conditions: one as soon as it is known, the other when no pod is left. */
export function verdict(
  job: Job,
  failure: { reason: string; message: string } | undefined,
  settled: boolean,
): Condition[] {
  const [target, final] = failure === undefined ? ['SuccessCriteriaMet', 'Complete'] : ['FailureTarget', 'Failed'];
  const why = failure ?? { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
  const aimed = withProbe(job.status?.conditions ?? [], { type: target, status: 'True', ...why });
  return settled ? withProbe(aimed, { type: final, status: 'True', ...why }) : aimed;
}

export function withProbe(conditions: readonly Condition[], next: Condition): Condition[] {
  return withCondition(conditions, next).map((one) =>
    one.type === next.type ? { lastProbeTime: one.lastTransitionTime ?? now(), ...one } : one,
  );
}

/** `[0, 1, 2, 5, 6]` is `0-2,5,6`. */
export function ranges(indexes: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === index - 1) last[1] = index;
    else runs.push([index, index]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}${to === from + 1 ? ',' : '-'}${to}`)).join(',');
}

function restartsOf(pod: Pod): number {
  return sum((pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

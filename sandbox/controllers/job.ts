/** Jobs: pods that run to completion, until enough of them have succeeded or too many have failed. */

import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client } from '../client/client.ts';
import { condition } from '../client/conditions.ts';
import { EventRecorder } from '../client/events.ts';
import { Expectations } from '../client/expectations.ts';
import { canonical } from '../client/hash.ts';
import { type Condition, PODS, type Pod } from '../client/kinds.ts';
import { controllerOf } from '../client/ownership.ts';
import { JOBS, type Job } from './batch-kinds.ts';
import { jobPod } from './job-pod.ts';
import {
  deadlineIn,
  doneIndexes,
  failureOf,
  INDEX,
  isComplete,
  isFinished,
  isIndexed,
  statusOf,
  type Tally,
  verdict,
  wantedPods,
  withProbe,
} from './job-status.ts';
import { deletionOrder, isActive } from './pods.ts';

const FIRST_BACK_OFF = 10_000;
const LONGEST_BACK_OFF = 600_000;

export function startJobs(context: ControllerContext): RunningController {
  const worker = new Worker(context.client);
  const pods = context.informers.of(PODS);
  context.informers.of(JOBS).onChange(({ type, object }) => {
    if (type === 'deleted') worker.forget(object);
  });
  return controllerFor(context, 'job-controller', JOBS)
    .owns(PODS, { expectations: worker.expectations })
    .reconciles((job) => worker.reconcile(job, pods.list(job.metadata.namespace)));
}

interface Ends {
  succeeded: Map<string, string>;
  failed: Map<string, string>;
  lastFailure: number;
}

class Worker {
  readonly expectations = new Expectations<Pod>();
  readonly #client: Client;
  readonly #events: EventRecorder;
  /** Results by the Job's UID. Finished pods count even after they are deleted. */
  readonly #ends = new Map<string, Ends>();

  constructor(client: Client) {
    this.#client = client;
    this.#events = new EventRecorder(client, 'job-controller');
  }

  forget(job: Job): void {
    this.#ends.delete(job.metadata.uid ?? '');
  }

  async reconcile(job: Job, watched: readonly Pod[]): Promise<number | undefined> {
    if (isFinished(job)) return this.#expire(job);
    const own = this.expectations
      .correct(watched, (pod) => controllerOf(pod)?.uid === job.metadata.uid)
      .filter((pod) => controllerOf(pod)?.uid === job.metadata.uid);
    const tally = this.#count(job, own);
    const failure = failureOf(job, tally);
    if (failure !== undefined || isComplete(job, tally)) return this.#finish(job, tally, failure);
    if (job.spec.suspend === true) return this.#suspend(job, tally);
    const { active, wait } = await this.#adjust(job, tally);
    await this.#write(job, { ...tally, active }, this.#resumed(job));
    const waits = [wait, deadlineIn(job), job.status?.startTime === undefined ? 0 : undefined];
    return waits.filter((one) => one !== undefined).sort((a, b) => a - b)[0];
  }

  #count(job: Job, own: readonly Pod[]): Tally {
    const uid = job.metadata.uid ?? '';
    const ends = this.#ends.get(uid) ?? { succeeded: new Map(), failed: new Map(), lastFailure: 0 };
    this.#ends.set(uid, ends);
    for (const pod of own) {
      const id = pod.metadata.uid ?? '';
      const index = pod.metadata.annotations?.[INDEX] ?? '';
      if (pod.status?.phase === 'Succeeded') ends.succeeded.set(id, index);
      if (pod.status?.phase === 'Failed' && !ends.failed.has(id)) {
        ends.failed.set(id, index);
        ends.lastFailure = Date.now();
      }
    }
    const terminating = own.filter(
      (pod) =>
        pod.metadata.deletionTimestamp !== undefined && !['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''),
    ).length;
    return { active: own.filter(isActive), terminating, succeeded: ends.succeeded, failed: ends.failed };
  }

  /** Creates or deletes pods. @returns the active pods, and the milliseconds until the next check. */
  async #adjust(job: Job, tally: Tally): Promise<{ active: readonly Pod[]; wait?: number }> {
    const wanted = wantedPods(job, tally);
    const surplus = tally.active.length - wanted;
    if (surplus > 0) {
      const leaving = deletionOrder(tally.active).slice(0, surplus);
      await this.#delete(job, leaving);
      return { active: tally.active.filter((pod) => !leaving.includes(pod)) };
    }
    const missing = -surplus - tally.terminating;
    if (missing <= 0) return { active: tally.active };
    const wait = this.#backOff(job);
    if (wait > 0) return { active: tally.active, wait };
    const made = [...tally.active];
    for (const index of indexesFor(job, tally, missing)) made.push(await this.#create(job, index));
    return { active: made };
  }

  #backOff(job: Job): number {
    const ends = this.#ends.get(job.metadata.uid ?? '');
    if (ends === undefined || ends.failed.size === 0) return 0;
    const delay = Math.min(FIRST_BACK_OFF * 2 ** (ends.failed.size - 1), LONGEST_BACK_OFF);
    return Math.max(0, ends.lastFailure + delay - Date.now());
  }

  async #create(job: Job, index: number | undefined): Promise<Pod> {
    try {
      const pod = await this.#client.create(PODS, jobPod(job, index));
      this.expectations.created(pod);
      this.#events.emit(job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
      return pod;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#events.emit(job, 'Warning', 'FailedCreate', `Error creating: ${why}`);
      throw error;
    }
  }

  async #delete(job: Job, pods: readonly Pod[]): Promise<void> {
    for (const pod of pods) {
      await this.#client.delete(PODS, pod.metadata.name, pod.metadata.namespace).catch(ignoreGone);
      this.expectations.deleted(pod);
      this.#events.emit(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
    }
  }

  async #finish(job: Job, tally: Tally, failure: ReturnType<typeof failureOf>): Promise<undefined> {
    await this.#delete(job, tally.active);
    const settled = tally.terminating === 0 && tally.active.length === 0;
    const rest = { ...tally, active: [], terminating: tally.terminating + tally.active.length };
    await this.#write(job, rest, verdict(job, failure, settled));
    if (!settled) return;
    if (failure === undefined) this.#events.emit(job, 'Normal', 'Completed', 'Job completed');
    else this.#events.emit(job, 'Warning', failure.reason, failure.message);
  }

  async #suspend(job: Job, tally: Tally): Promise<undefined> {
    await this.#delete(job, tally.active);
    const was = condition(job.status?.conditions, 'Suspended')?.status === 'True';
    const reason = { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' } as const;
    await this.#write(job, { ...tally, active: [] }, withProbe(job.status?.conditions ?? [], reason));
    if (!was) this.#events.emit(job, 'Normal', 'Suspended', 'Job suspended');
  }

  #resumed(job: Job): Condition[] {
    const conditions = job.status?.conditions ?? [];
    if (condition(conditions, 'Suspended')?.status !== 'True') return conditions;
    this.#events.emit(job, 'Normal', 'Resumed', 'Job resumed');
    return withProbe(conditions, { type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' });
  }

  async #write(job: Job, tally: Tally, conditions: Condition[]): Promise<void> {
    const status = statusOf(job, tally, conditions);
    if (canonical(status) === canonical(job.status)) return;
    const gone = Object.fromEntries(Object.keys(job.status ?? {}).map((key) => [key, null]));
    const { name, namespace } = job.metadata;
    await this.#client.patch(JOBS, name, namespace, { status: { ...gone, ...status } }, { subresource: 'status' });
  }

  /** Deletes a finished Job after `ttlSecondsAfterFinished`. @returns the milliseconds until the next check. */
  async #expire(job: Job): Promise<number | undefined> {
    const { ttlSecondsAfterFinished: seconds } = job.spec;
    if (seconds === undefined) return undefined;
    const end = ['Complete', 'Failed'].map((type) => condition(job.status?.conditions, type)?.lastTransitionTime);
    const left = Date.parse(end.find((time) => time !== undefined) ?? '') + seconds * 1000 - Date.now();
    if (left > 0) return left;
    const { name, namespace, uid } = job.metadata;
    await this.#client.delete(JOBS, name, namespace, uid === undefined ? {} : { uid }).catch(ignoreGone);
    return undefined;
  }
}

function indexesFor(job: Job, tally: Tally, count: number): (number | undefined)[] {
  if (!isIndexed(job)) return Array.from({ length: count }, () => undefined);
  const taken = doneIndexes(tally);
  for (const pod of tally.active) taken.add(Number(pod.metadata.annotations?.[INDEX]));
  const all = Array.from({ length: job.spec.completions ?? 0 }, (_, index) => index);
  return all.filter((index) => !taken.has(index)).slice(0, count);
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof ApiError && error.code === 404)) throw error;
}

/** CronJobs: create a Job at each scheduled time. */

import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client } from '../client/client.ts';
import { condition } from '../client/conditions.ts';
import { EventRecorder } from '../client/events.ts';
import { canonical } from '../client/hash.ts';
import { controllerOf, controllerReference } from '../client/ownership.ts';
import { CRON_JOBS, type CronJob, JOBS, type Job, type ObjectReference } from './batch-kinds.ts';
import { nextAfter, parseSchedule, type Schedule } from './cron.ts';
import { isFinished } from './job-status.ts';

/** The longest timer is 2^31 ms. */
const LONGEST_SLEEP = 86_400_000;
const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

export function startCronJobs(context: ControllerContext): RunningController {
  const worker = new Worker(context.client);
  const jobs = context.informers.of(JOBS);
  return controllerFor(context, 'cronjob-controller', CRON_JOBS)
    .owns(JOBS)
    .reconciles((cron) => {
      const own = jobs.list(cron.metadata.namespace).filter((job) => controllerOf(job)?.uid === cron.metadata.uid);
      return worker.reconcile(cron, own);
    });
}

class Worker {
  readonly #client: Client;
  readonly #events: EventRecorder;

  constructor(client: Client) {
    this.#client = client;
    this.#events = new EventRecorder(client, 'cronjob-controller');
  }

  /** @returns the milliseconds until the next check. */
  async reconcile(cron: CronJob, own: readonly Job[]): Promise<number | undefined> {
    await this.#keepHistory(cron, own);
    let running = own.filter((job) => !isFinished(job) && job.metadata.deletionTimestamp === undefined);
    let last = cron.status?.lastScheduleTime;
    const due = this.#due(cron);
    if (due.missed !== undefined) {
      if (cron.spec.concurrencyPolicy === 'Forbid' && running.length > 0) {
        const why = 'Not starting job because prior execution is running and concurrency policy is Forbid';
        this.#events.emit(cron, 'Normal', 'JobAlreadyActive', why);
      } else {
        if (cron.spec.concurrencyPolicy === 'Replace') running = await this.#replace(cron, running);
        const job = await this.#create(cron, due.missed);
        if (running.every((one) => one.metadata.uid !== job.metadata.uid)) running = [...running, job];
        last = new Date(due.missed).toISOString().replace(/\.\d+Z$/, 'Z');
      }
    }
    await this.#write(cron, running, own, last);
    return due.next === undefined ? undefined : Math.min(Math.max(due.next - Date.now(), 1), LONGEST_SLEEP);
  }

  /** The latest past time without a Job, and the next one. */
  #due(cron: CronJob): { missed?: number; next?: number } {
    const { timeZone, suspend, startingDeadlineSeconds } = cron.spec;
    if (suspend === true) return {};
    const schedule = this.#schedule(cron);
    if (schedule === undefined) return {};
    const since = Date.parse(cron.status?.lastScheduleTime ?? cron.metadata.creationTimestamp ?? '');
    const deadline = startingDeadlineSeconds === undefined ? 0 : Date.now() - startingDeadlineSeconds * 1000;
    let missed: number | undefined;
    let next = nextAfter(schedule, Math.max(since, deadline), timeZone);
    while (next !== undefined && next <= Date.now()) {
      missed = next;
      next = nextAfter(schedule, next, timeZone);
    }
    return { ...(missed === undefined ? {} : { missed }), ...(next === undefined ? {} : { next }) };
  }

  #schedule(cron: CronJob): Schedule | undefined {
    try {
      return parseSchedule(cron.spec.schedule);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#events.emit(cron, 'Warning', 'UnparseableSchedule', `unparseable schedule: ${why}`);
      return undefined;
    }
  }

  async #create(cron: CronJob, at: number): Promise<Job> {
    const job = jobOf(cron, at);
    try {
      const made = await this.#client.create(JOBS, job);
      this.#events.emit(cron, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`);
      return made;
    } catch (error) {
      // The name contains the minute: the Job for this time exists already.
      if (error instanceof ApiError && error.reason === 'AlreadyExists')
        return this.#client.get(JOBS, job.metadata.name, job.metadata.namespace);
      throw error;
    }
  }

  async #replace(cron: CronJob, running: readonly Job[]): Promise<Job[]> {
    for (const job of running) await this.#delete(cron, job);
    return [];
  }

  async #keepHistory(cron: CronJob, own: readonly Job[]): Promise<void> {
    const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cron.spec;
    const ended = (type: string): Job[] =>
      own
        .filter((job) => condition(job.status?.conditions, type)?.status === 'True')
        .sort((a, b) => (b.status?.startTime ?? '').localeCompare(a.status?.startTime ?? ''));
    const old = [
      ...ended('Complete').slice(successfulJobsHistoryLimit),
      ...ended('Failed').slice(failedJobsHistoryLimit),
    ];
    for (const job of old) if (job.metadata.deletionTimestamp === undefined) await this.#delete(cron, job);
  }

  async #delete(cron: CronJob, job: Job): Promise<void> {
    try {
      await this.#client.delete(JOBS, job.metadata.name, job.metadata.namespace);
      this.#events.emit(cron, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
    }
  }

  async #write(cron: CronJob, running: readonly Job[], own: readonly Job[], last: string | undefined): Promise<void> {
    const successes = own.map((job) => job.status?.completionTime ?? '').filter((time) => time !== '');
    const lastSuccess = [cron.status?.lastSuccessfulTime ?? '', ...successes].sort().at(-1);
    const status = {
      active: running.length === 0 ? null : running.map(referenceTo),
      ...(last === undefined ? {} : { lastScheduleTime: last }),
      ...(lastSuccess ? { lastSuccessfulTime: lastSuccess } : {}),
    };
    if (canonical({ active: null, ...cron.status }) === canonical(status)) return;
    const { name, namespace } = cron.metadata;
    await this.#client.patch(CRON_JOBS, name, namespace, { status }, { subresource: 'status' });
  }
}

function referenceTo({ metadata }: Job): ObjectReference {
  const { name, namespace, uid } = metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
  };
}

/** Its name contains the minute, as in kube-controller-manager, so that no time is handled twice. */
function jobOf(cron: CronJob, at: number): Job {
  const { metadata, spec } = cron.spec.jobTemplate;
  const { name, namespace } = cron.metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name}-${Math.floor(at / 60_000)}`,
      ...(namespace === undefined ? {} : { namespace }),
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [SCHEDULED]: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z') },
      ownerReferences: [controllerReference(cron)],
    },
    spec,
  };
}

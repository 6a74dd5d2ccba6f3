/** Waits for objects: a watch with a deadline and, if that passes, everything that explains why. */

import type { ApiObject, ClusterApi, ListFilter, ServedKind } from '../kube/types.ts';
import type { Failure } from '../model/evidence.ts';
import { recordAt, recordsAt, textAt } from '../model/fields.ts';
import { readinessOf } from './readiness/index.ts';
import { describeCondition } from './readiness/verdict.ts';

export interface Awaited {
  readonly kind: ServedKind;
  readonly filter: ListFilter;
}

export interface Verdict {
  readonly held: boolean;
  /** Waiting can't resolve it. */
  readonly failed?: boolean;
  /** What is missing, in words for people. */
  readonly why: string;
}

export interface Awaiting {
  readonly held: boolean;
  /** Given up before the deadline. */
  readonly failed: boolean;
  /** What the judge said last. */
  readonly why: string;
  readonly objects: readonly ApiObject[];
}

/**
 * Watches until `judge` holds for all objects that the filter finds.
 * @throws the API's error if waiting can't resolve it (401, 403), or the signal's reason.
 */
export async function awaitObjects(
  api: ClusterApi,
  awaited: Awaited,
  options: { timeoutMs: number; signal: AbortSignal },
  judge: (objects: readonly ApiObject[]) => Verdict,
): Promise<Awaiting> {
  const seen = new Map<string, ApiObject>();
  const stop = new AbortController();
  const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(options.timeoutMs)));
  let verdict: Verdict = { held: false, why: 'the API has not answered yet' };
  let trouble = '';
  const done = AbortSignal.any([stop.signal, deadline, options.signal]);
  await api.follow(
    awaited.kind,
    awaited.filter,
    (changes) => {
      if (done.aborted) return;
      trouble = '';
      for (const { type, object } of changes) {
        const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
        if (type === 'put') seen.set(key, object);
        else seen.delete(key);
      }
      verdict = judge([...seen.values()]);
      if (verdict.held || verdict.failed === true) stop.abort();
    },
    done,
    (error) => {
      trouble = error.message;
    },
  );
  options.signal.throwIfAborted();
  const why = trouble === '' ? verdict.why : `${verdict.why} (the API's last answer: ${trouble})`;
  return { held: verdict.held, failed: verdict.failed === true, why, objects: [...seen.values()] };
}

/** Conditions, events and log tails of objects that did not become ready: for the person who must find out why. */
export async function explain(
  api: ClusterApi,
  kind: ServedKind,
  objects: readonly ApiObject[],
): Promise<NonNullable<Failure['details']>> {
  const details: { title: string; text: string }[] = [];
  for (const object of objects.filter((candidate) => !readinessOf(candidate).ready).slice(0, 3)) {
    const name = `${kind.kind} ${object.metadata.name}`;
    const conditions = recordsAt(object.status, 'conditions').map(describeCondition);
    if (conditions.length > 0) details.push({ title: `Conditions of ${name}`, text: conditions.join('\n') });
    const events = await eventsOf(api, object);
    if (events !== '') details.push({ title: `Events of ${name}`, text: events });
    if (kind.kind === 'Pod') details.push(...(await logsOf(api, object)));
  }
  return details;
}

async function eventsOf(api: ClusterApi, object: ApiObject): Promise<string> {
  try {
    const kind = await api.resolveObject('v1', 'Event');
    if (kind === undefined) return '';
    const filter = {
      fieldSelector: `involvedObject.name=${object.metadata.name}`,
      ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
    };
    const { items } = await api.list(kind, filter);
    return items
      .slice(-8)
      .map((event) => {
        const [type, reason, message] = ['type', 'reason', 'message'].map((field) => textAt(event, field) ?? '');
        return `${type}  ${reason}  ${message}`;
      })
      .join('\n');
  } catch (error) {
    return `(the events could not be read: ${error instanceof Error ? error.message : String(error)})`;
  }
}

async function logsOf(api: ClusterApi, pod: ApiObject): Promise<{ title: string; text: string }[]> {
  const tails: { title: string; text: string }[] = [];
  for (const status of recordsAt(pod.status, 'containerStatuses')) {
    const container = textAt(status, 'name');
    if (container === undefined || status['ready'] === true || pod.metadata.namespace === undefined) continue;
    const started =
      recordAt(recordAt(status, 'state'), 'running') !== undefined || recordAt(status, 'lastState') !== undefined;
    if (!started) continue;
    const text = await api
      .logTail(pod.metadata.namespace, pod.metadata.name, container, 15)
      .catch((error: unknown) => `(no log: ${error instanceof Error ? error.message : String(error)})`);
    if (text !== '') tails.push({ title: `Log of ${pod.metadata.name}, container ${container}`, text });
  }
  return tails;
}

/** Reads the access logs of a mesh's proxies until every given request has been found. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiObject, ClusterApi } from '../../kube/types.ts';
import { ANSWERS_VERSION, type Answers, type AskedRequest } from '../../model/answers.ts';
import { recordsAt, textAt } from '../../model/fields.ts';
import { join, type ProxyLog } from './join.ts';
import { accessLine } from './line.ts';

type Api = Pick<ClusterApi, 'resolveObject' | 'list' | 'logSince'>;

/** Istio's proxies write their logs once a second, the sandbox's four times as often. */
const TIMEOUT_MS = 2_000;
const FIRST_PAUSE_MS = 60;
const LONGEST_PAUSE_MS = 400;
/** The maximum difference between the clocks of cluster and browser. */
const SKEW_MS = 2_000;
const PROXY = 'istio-proxy';
/** The maximum number of proxies whose logs are read; a lab has fewer. */
const MOST_PROXIES = 100;

/**
 * @param namespace the lab's namespace; only this one is read if the user may not list the pods of all namespaces.
 * @param mayWait false if the proxies are known to write no log: then the logs are read only once.
 */
export async function readAnswers(
  api: Api,
  asked: readonly AskedRequest[],
  namespace: string,
  mayWait: boolean,
): Promise<Answers> {
  const since = Math.min(...asked.map(({ from }) => from));
  const deadline = performance.now() + (mayWait ? TIMEOUT_MS : 0);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const pods = await podsOf(api, namespace);
    const logs = pods === undefined ? [] : await logsOf(api, pods.filter(hasProxy).slice(0, MOST_PROXIES), since);
    const podAt = new Map((pods ?? []).map((pod) => [textAt(pod.status, 'podIP') ?? '', nameOf(pod)]));
    const { answers, missing } = join(asked, logs, podAt);
    if (pods !== undefined && missing.length > 0 && performance.now() < deadline) {
      // A log can't be watched for a line, only read again.
      await sleep(pause);
      continue;
    }
    return { version: ANSWERS_VERSION, log: stateOf(logs), answers, missing: countsOf(missing) };
  }
}

interface RawLog extends ProxyLog {
  readonly readable: boolean;
}

function stateOf(logs: readonly RawLog[]): Answers['log'] {
  if (logs.some(({ lines }) => lines.length > 0)) return 'read';
  if (logs.length === 0 || logs.every(({ readable }) => !readable)) return 'unreadable';
  return 'off';
}

function countsOf(missing: readonly AskedRequest[]): Answers['missing'] {
  const counts = new Map<number, number>();
  for (const { step } of missing) counts.set(step, (counts.get(step) ?? 0) + 1);
  return [...counts].map(([step, requests]) => ({ step, requests }));
}

/** @returns undefined if they can't be listed. */
async function podsOf(api: Api, namespace: string): Promise<readonly ApiObject[] | undefined> {
  const kind = await api.resolveObject('v1', 'Pod');
  if (kind === undefined) return undefined;
  for (const filter of [{}, { namespace }]) {
    const found = await api.list(kind, filter).catch(() => undefined);
    if (found !== undefined) return found.items;
  }
  return undefined;
}

function hasProxy({ spec }: ApiObject): boolean {
  return [...recordsAt(spec, 'containers'), ...recordsAt(spec, 'initContainers')].some(({ name }) => name === PROXY);
}

function nameOf({ metadata: { namespace = '', name } }: ApiObject): string {
  return `${namespace}/${name}`;
}

function logsOf(api: Api, pods: readonly ApiObject[], since: number): Promise<RawLog[]> {
  return Promise.all(
    pods.map(async (pod) => {
      const { namespace = '', name } = pod.metadata;
      const text = await api.logSince(namespace, name, PROXY, new Date(since - SKEW_MS)).catch(() => undefined);
      const lines = (text ?? '').split('\n').flatMap((line) => accessLine(line) ?? []);
      return { pod: nameOf(pod), lines, readable: text !== undefined };
    }),
  );
}

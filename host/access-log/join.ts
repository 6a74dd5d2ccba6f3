/** Matches requests with the log lines that proxies wrote about them. */
import type { Answer, AskedRequest } from '../../model/answers.ts';
import type { AccessLine } from './line.ts';

/** A proxy's log. */
export interface ProxyLog {
  /** `namespace/pod` */
  readonly pod: string;
  readonly lines: readonly AccessLine[];
}

interface Logged {
  readonly pod: string;
  readonly line: AccessLine;
}

/**
 * @param podAt by address, for pods whose own proxy wrote nothing.
 * @returns the answers, with equal ones counted together, and the requests that no proxy logged.
 */
export function join(
  asked: readonly AskedRequest[],
  logs: readonly ProxyLog[],
  podAt: ReadonlyMap<string, string>,
): { answers: Answer[]; missing: AskedRequest[] } {
  const byId = new Map<string, Logged[]>();
  for (const { pod, lines } of logs)
    for (const line of lines) byId.set(line.requestId, [...(byId.get(line.requestId) ?? []), { pod, line }]);
  const guessed = idsByTime(asked, byId);
  const counted = new Map<string, Answer>();
  const missing: AskedRequest[] = [];
  for (const request of asked) {
    const id = request.id ?? guessed.get(request);
    const hops = id === undefined ? undefined : byId.get(id);
    if (hops === undefined) missing.push(request);
    else count(counted, answerOf(request, hops, podAt));
  }
  return { answers: [...counted.values()], missing };
}

/** The maximum difference between the clocks of cluster and browser. */
const SKEW_MS = 2_000;

/**
 * Istio's gateways give requests from outside an id of their own and do not return it. Then the line is found by path and browser:
 * the last one written during the step, since the step keeps the last page.
 */
function idsByTime(
  asked: readonly AskedRequest[],
  byId: ReadonlyMap<string, readonly Logged[]>,
): Map<AskedRequest, string> {
  const found = new Map<AskedRequest, string>();
  const taken = new Set<string>(asked.flatMap(({ id }) => id ?? []));
  for (const request of asked) {
    if (request.id !== undefined || request.userAgent === undefined) continue;
    const fitting = [...byId].flatMap(([id, hops]) => {
      const line = hops.map((hop) => hop.line).find((one) => fits(request, one));
      return line === undefined || taken.has(id) ? [] : [{ id, time: line.time }];
    });
    const [last] = fitting.sort((a, b) => b.time - a.time);
    if (last === undefined) continue;
    taken.add(last.id);
    found.set(request, last.id);
  }
  return found;
}

function fits({ path, userAgent, from, to }: AskedRequest, line: AccessLine): boolean {
  const meanwhile = line.time >= from - SKEW_MS && line.time <= to + SKEW_MS;
  return meanwhile && line.path === path && line.userAgent === userAgent;
}

function answerOf(request: AskedRequest, hops: readonly Logged[], podAt: ReadonlyMap<string, string>): Answer {
  const inOrder = [...hops].sort((a, b) => a.line.time - b.line.time);
  const inbound = inOrder.findLast(({ line }) => line.cluster.startsWith('inbound|'));
  const others = inOrder.filter((hop) => hop !== inbound);
  const outermost = others[0];
  const last = inbound ?? others.at(-1);
  const asked = last?.line.upstream ?? '';
  const [, namespace, name] = /namespaces\/([^/]+)\/virtual-service\/([^/]+)/.exec(outermost?.line.config ?? '') ?? [];
  const route = outermost?.line.route ?? '';
  return {
    step: request.step,
    ...(request.value === undefined ? {} : { value: request.value }),
    requests: 1,
    pod: inbound?.pod ?? podAt.get(asked.replace(/:\d+$/, '')) ?? last?.pod ?? '',
    by: asked === '' ? 'proxy' : 'app',
    status: last?.line.status ?? 0,
    through: [...new Set(others.map(({ pod }) => pod))],
    ...callerOf(inbound?.line),
    ...(name === undefined ? {} : { virtualService: `${namespace}/${name}` }),
    ...(route === '' ? {} : { route }),
    ...(asked === '' && last !== undefined && last.line.flags !== '' ? { flags: last.line.flags } : {}),
    matchedBy: request.id === undefined ? 'time, path and browser' : 'request id',
  };
}

/** The sandbox's own lines name the caller. Istio's contain the server name, whose format shows that the client is in the mesh. */
function callerOf(line: AccessLine | undefined): Pick<Answer, 'mutualTls' | 'as'> {
  if (line?.peer !== undefined) return line.peer === '' ? { mutualTls: false } : { mutualTls: true, as: line.peer };
  if (line?.serverName !== undefined) return { mutualTls: line.serverName.startsWith('outbound_.') };
  return {};
}

function count(counted: Map<string, Answer>, answer: Answer): void {
  const key = JSON.stringify(answer);
  const before = counted.get(key);
  counted.set(key, { ...answer, requests: (before?.requests ?? 0) + 1 });
}

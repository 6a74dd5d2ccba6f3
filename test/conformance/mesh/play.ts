/** Plays a case in an environment: creates its objects, asks its questions, deletes its objects. */
import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../../../sandbox/client/client.ts';
import type { Ask, Case } from './case.ts';
import type { MeshEnvironment } from './environment/index.ts';
import type { Question, RawAnswer } from './environment/question.ts';

/** The parts of an answer that are compared. */
export interface Answer {
  readonly status?: number;
  readonly error?: string;
  readonly pod?: string;
  /** As the pod saw it. */
  readonly url?: string;
  readonly host?: string;
  readonly attempt?: number;
  readonly text?: string;
  readonly see?: Readonly<Record<string, string>>;
  readonly sent?: Readonly<Record<string, string>>;
  readonly longer?: boolean;
  readonly mirrored?: readonly string[];
  /** For several requests: the count of each answer. */
  readonly spread?: Readonly<Record<string, number>>;
}

/**
 * Creates the objects and waits until they are in force.
 * @param settled resolves when they are. @returns a function that deletes them.
 */
export async function putInForce(
  environment: MeshEnvironment,
  { objects, later }: Case,
  settled: (made: readonly KubeObject[]) => Promise<void> = () => environment.settle(),
): Promise<() => Promise<void>> {
  const all = [...objects, ...later].map((object) => withAddresses(environment, object));
  const remove = async (): Promise<void> => {
    for (const object of all.toReversed()) await environment.cluster.delete(object);
  };
  try {
    for (const object of all.slice(0, objects.length)) await environment.cluster.create(object);
    // Creation timestamps are in whole seconds.
    if (later.length > 0) await new Promise((resolve) => setTimeout(resolve, 1_010));
    for (const object of all.slice(objects.length)) await environment.cluster.create(object);
    await settled(all);
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

export async function answersTo(environment: MeshEnvironment, { asks }: Case): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const ask of asks) answers.push(await answerTo(environment, ask));
  return answers;
}

async function answerTo(environment: MeshEnvironment, ask: Ask): Promise<Answer> {
  const { times = 1, together = false, kinds = false } = ask;
  if (times === 1) return once(environment, ask);
  const answers: Answer[] = [];
  if (together) answers.push(...(await Promise.all(Array.from({ length: times }, () => once(environment, ask)))));
  else for (let turn = 0; turn < times; turn += 1) answers.push(await once(environment, ask));
  const spread: Record<string, number> = {};
  for (const { status, error, pod, text } of answers) {
    const key = [status ?? error, pod ?? text].filter((part) => part !== undefined).join(' ');
    spread[key] = kinds ? 1 : (spread[key] ?? 0) + 1;
  }
  return { spread: Object.fromEntries(Object.entries(spread).sort()) };
}

async function once(environment: MeshEnvironment, ask: Ask): Promise<Answer> {
  const id = randomUUID();
  const question = withAddresses(environment, questionOf(ask, id));
  const raw = await environment.ask(ask.from ?? 'caller', question);
  const answer = digest(ask, raw);
  return {
    ...namesFor(environment, answer),
    ...(ask.mirrored === true ? { mirrored: await receivers(environment, id, answer) } : {}),
  };
}

function questionOf({ ask, at, headers = {}, keep = false }: Ask, id: string): Question {
  const [method = '', target = ''] = ask.split(' ');
  const common = { ...(at === undefined ? {} : { at }), keep };
  if (method === 'TCP') return { ...common, url: `tcp://${target}`, tcp: true };
  return { ...common, url: target, method, headers: { 'x-ask': id, ...headers } };
}

interface Echo {
  readonly pod: string;
  readonly url: string;
  readonly attempt: number;
  readonly headers: Readonly<Record<string, string>>;
}

function digest(ask: Ask, { status, error, headers = {}, body = '', ms = 0 }: RawAnswer): Answer {
  const chosen = (names: readonly string[], from: Readonly<Record<string, unknown>>): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, String(from[name] ?? '(none)')]));
  const timed = ask.longer === undefined ? {} : { longer: ms >= ask.longer };
  if (error !== undefined) return { error, ...timed };
  const base = {
    ...(status === undefined ? {} : { status }),
    ...(ask.see === undefined ? {} : { see: chosen(ask.see, headers) }),
    ...timed,
  };
  const echo = echoed(body);
  if (echo === undefined) return { ...base, ...(body === '' ? {} : { text: version(body.trim(), ask) }) };
  return {
    ...base,
    pod: version(echo.pod, ask),
    url: echo.url,
    host: echo.headers['host'] ?? '',
    ...(echo.attempt > 1 ? { attempt: echo.attempt } : {}),
    ...(ask.sent === undefined ? {} : { sent: chosen(ask.sent, echo.headers) }),
  };
}

function echoed(body: string): Echo | undefined {
  return body.startsWith('{"pod"') ? (JSON.parse(body) as Echo) : undefined;
}

function version(pod: string, { exact = false }: Ask): string {
  return exact ? pod : pod.replace(/^(web-v\d)-[ab]$/, '$1');
}

const SERVERS = ['web-v1-a', 'web-v1-b', 'web-v2', 'other', 'beta-web'];
const MIRROR_MS = 1_000;

/** The pods that received a copy of the request. Waits up to a second for the first. */
async function receivers(environment: MeshEnvironment, id: string, { pod }: Answer): Promise<readonly string[]> {
  const end = Date.now() + MIRROR_MS;
  for (;;) {
    const found: string[] = [];
    for (const name of SERVERS) {
      const url = `http://${environment.addresses.get(`\${ip:${name}}`)}:7070/seen/${id}`;
      const { body = '[]' } = await environment.ask('stranger', { url });
      const calls = body.startsWith('[') ? (JSON.parse(body) as { host: string; url: string }[]) : [];
      for (const { host, url: path } of calls)
        if (version(name, { ask: '' }) !== pod) found.push(`${version(name, { ask: '' })} as ${host}${path}`);
    }
    if (found.length > 0 || Date.now() > end) return found.sort();
  }
}

function withAddresses<T extends KubeObject | Question>(environment: MeshEnvironment, value: T): T {
  let text = JSON.stringify(value);
  for (const [name, address] of environment.addresses) text = text.replaceAll(name, address);
  return JSON.parse(text) as T;
}

function namesFor(environment: MeshEnvironment, answer: Answer): Answer {
  let text = JSON.stringify(answer);
  for (const [name, address] of environment.addresses) text = text.replaceAll(address, name);
  return JSON.parse(text) as Answer;
}

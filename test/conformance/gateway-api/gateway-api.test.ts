/** Checks the Gateway API against its specification: plays each case in `cases/` through real proxies. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApiError } from '../../../sandbox/client/client.ts';
import type { RawAnswer } from '../mesh/environment/question.ts';
import { type Ask, type Case, casesOf, suites } from './case.ts';
import { GatewayEnvironment } from './environment.ts';
import { GRPC_ROUTES, HTTP_ROUTES, KUBE_GATEWAYS, kindOf } from './kinds.ts';

/** Proxies are updated within milliseconds; this leaves time for a busy machine. */
const TIMEOUT_MS = 8_000;

let environment: GatewayEnvironment;
before(async () => {
  environment = await GatewayEnvironment.open(process.env['GATEWAY_API_MESH'] === 'real' ? 'real' : 'ours');
});
after(() => environment?.[Symbol.asyncDispose]());

for (const suite of suites()) {
  describe(suite, () => {
    for (const one of casesOf(suite)) test(one.title, () => play(one));
  });
}

async function play({ grants, routes, asks, conditions, attached }: Case): Promise<void> {
  const all = [...grants, ...routes];
  try {
    for (const object of all) await environment.client.create(kindOf(object), object);
    await environment.settle();
    for (const [key, wanted] of Object.entries(conditions)) await eventually(() => conditionsHold(key, routes, wanted));
    if (Object.keys(attached).length > 0) await eventually(() => areAttached(attached));
    for (const ask of asks) await eventually(() => answers(ask));
  } finally {
    for (const { metadata, kind, apiVersion } of all)
      await environment.client
        .delete(kindOf({ kind, apiVersion, metadata }), metadata.name, metadata.namespace)
        .catch(ifGone);
  }
}

function ifGone(error: unknown): void {
  if (!(error instanceof ApiError && error.code === 404)) throw error;
}

/** @throws the last failure. */
async function eventually(check: () => Promise<void>): Promise<void> {
  const end = Date.now() + TIMEOUT_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function conditionsHold(
  key: string,
  routes: Case['routes'],
  wanted: Readonly<Record<string, string>>,
): Promise<void> {
  const [name = '', namespace = 'shop'] = key.split('/').reverse();
  const isGrpc = routes.some(({ kind, metadata }) => kind === GRPC_ROUTES.kind && metadata.name === name);
  const { status } = await environment.client.get(isGrpc ? GRPC_ROUTES : HTTP_ROUTES, name, namespace);
  const seen = Object.fromEntries(
    (status?.parents ?? []).map(({ parentRef, conditions }) => [
      parentRef.sectionName === undefined ? parentRef.name : `${parentRef.name}/${parentRef.sectionName}`,
      conditions
        .filter(({ type }) => type === 'Accepted' || type === 'ResolvedRefs')
        .map(({ type, status: is, reason }) => `${type} ${is} ${reason}`)
        .sort()
        .join(', '),
    ]),
  );
  assert.deepEqual(seen, wanted, `the parents of ${key}`);
}

async function areAttached(wanted: Readonly<Record<string, number>>): Promise<void> {
  const { status } = await environment.client.get(KUBE_GATEWAYS, 'gate', 'shop');
  const listeners = (status?.listeners ?? []).filter(({ name }) => name in wanted);
  assert.deepEqual(Object.fromEntries(listeners.map(({ name, attachedRoutes }) => [name, attachedRoutes])), wanted);
}

async function answers(ask: Ask): Promise<void> {
  if (ask.times !== undefined) return sharesHold(ask, ask.times);
  const id = crypto.randomUUID();
  const { headers = {} } = ask.question;
  const answer = await environment.ask(ask.from, { ...ask.question, headers: { 'x-ask': id, ...headers } });
  const what = `${ask.ask}: ${JSON.stringify({ ...answer, body: answer.body?.slice(0, 600) })}`;
  assert.equal(answer.status, ask.status ?? 200, what);
  const echo = echoOf(answer);
  if (ask.pod !== undefined) assert.equal(echo?.pod, ask.pod, what);
  if (ask.path !== undefined) assert.equal(echo?.url, ask.path, what);
  if (ask.host !== undefined) assert.equal(echo?.headers['host'], ask.host, what);
  for (const [name, value] of Object.entries(ask.sent ?? {})) assert.equal(echo?.headers[name] ?? null, value, what);
  for (const [name, value] of Object.entries(ask.see ?? {})) assert.equal(answer.headers?.[name] ?? null, value, what);
  for (const pod of ask.mirrored ?? []) await hasSeen(pod, id);
}

interface Echo {
  readonly pod: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

function echoOf({ body = '' }: RawAnswer): Echo | undefined {
  return body.startsWith('{"pod"') ? (JSON.parse(body) as Echo) : undefined;
}

async function hasSeen(pod: string, id: string): Promise<void> {
  await eventually(async () => {
    const { body = '[]' } = await environment.ask('caller', { url: `http://${pod}:8080/seen/${id}` });
    assert.notEqual(body, '[]', `${pod} got no copy`);
  });
}

/** Accepts shares within five standard deviations of the expected ones. */
async function sharesHold(ask: Ask, times: number): Promise<void> {
  const seen: Record<string, number> = {};
  for (let turn = 0; turn < times; turn += 1) {
    const answer = await environment.ask(ask.from, ask.question);
    const key = echoOf(answer)?.pod ?? String(answer.status);
    seen[key] = (seen[key] ?? 0) + 1;
  }
  const { shares = {} } = ask;
  assert.deepEqual(Object.keys(seen).sort(), Object.keys(shares).sort(), JSON.stringify(seen));
  for (const [who, percent] of Object.entries(shares)) {
    const share = percent / 100;
    const most = 5 * Math.sqrt((share * (1 - share)) / times);
    assert.ok(Math.abs((seen[who] ?? 0) / times - share) <= most, `${who}: ${JSON.stringify(seen)} of ${times}`);
  }
}

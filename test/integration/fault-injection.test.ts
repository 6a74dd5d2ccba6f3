/** Faults between the guard and the API: real kubectl on one side, on the other a real API server behind a faulty proxy. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Guard, startGuard } from '../../guard/guard.ts';
import { Connection } from '../../kube/connection.ts';
import { TestCluster } from '../support/cluster.ts';
import { kubectl, type Said } from '../support/foreign.ts';

interface Storm extends AsyncDisposable {
  readonly cluster: TestCluster;
  readonly guard: Guard;
  lab(command: string): Promise<Said>;
}

async function storm(): Promise<Storm> {
  const cluster = await TestCluster.start();
  const directory = await mkdtemp(join(tmpdir(), 'lw-faults-'));
  const connection = await Connection.open(cluster.kubeconfig);
  const run = { id: 'stormy', lab: 'a-lab', holder: 'student@desk' };
  const options = { connection, directory, reports: directory, run, adopt: false, declaredChanges: [] };
  const guard = await startGuard({ ...options, log: () => undefined });
  return {
    cluster,
    guard,
    lab: (command) => kubectl(guard.kubeconfig, command.split(' ')),
    [Symbol.asyncDispose]: async () => {
      cluster.faults.answer = () => undefined;
      await guard.stop();
      connection.close();
      await rm(directory, { recursive: true });
      await cluster[Symbol.asyncDispose]();
    },
  };
}

const ASKED = '/api/v1/namespaces/default/configmaps';
/** Injects `fault` into the next `times` requests that contain these words. */
const next = (words: string, fault: Fault, times: number) => {
  let left = times;
  return (request: string): Fault => (request.startsWith(words) && left-- > 0 ? fault : undefined);
};
type Fault = ReturnType<TestCluster['faults']['answer']>;
const status = (code: number, reason: string, headers: Record<string, string> = {}): Fault => ({
  status: code,
  headers,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: `injected: ${code}` },
});

test('a read survives 429, 500, 503, broken and slow connections, and this is recorded', async () => {
  await using sky = await storm();
  assert.equal((await sky.lab('create configmap a')).exit, 0);
  const faults: Fault[] = [
    status(429, 'TooManyRequests', { 'retry-after': '1' }),
    status(500, 'InternalError'),
    status(503, 'ServiceUnavailable'),
    'reset',
  ];
  for (const fault of faults) {
    sky.cluster.faults.answer = next(`GET ${ASKED}/a`, fault, 2);
    const since = sky.guard.calls().length;
    const { exit, out } = await sky.lab('get configmap a');
    assert.equal(exit, 0, out);
    const read = sky.guard.calls(since).find(({ path }) => path.startsWith(`${ASKED}/a`));
    assert.equal(read?.repeats, 2, JSON.stringify(fault));
  }
  sky.cluster.faults.answer = next(`GET ${ASKED}/a`, 'slow', 1);
  assert.equal((await sky.lab('get configmap a')).exit, 0);
});

test('refused and missing objects are reported at once', async () => {
  await using sky = await storm();
  const before = performance.now();
  assert.match((await sky.lab('get configmap missing')).out, /NotFound/);
  sky.cluster.faults.answer = next(`GET ${ASKED}/a`, status(403, 'Forbidden'), 99);
  assert.match((await sky.lab('get configmap a')).out, /Forbidden/);
  assert.ok(performance.now() - before < 10_000);
});

test('a change is sent once: if the connection fails it is not repeated, but found afterwards if it took effect', async () => {
  await using sky = await storm();
  const posts = () => sky.cluster.faults.seen.filter((request) => request.startsWith(`POST ${ASKED}`)).length;
  sky.cluster.faults.answer = next(`POST ${ASKED}`, status(503, 'ServiceUnavailable'), 1);
  const refused = await sky.lab('create configmap b');
  assert.deepEqual([refused.exit, posts()], [1, 1], refused.out);
  sky.cluster.faults.answer = next(`POST ${ASKED}`, 'reset', 1);
  const broken = await sky.lab('create configmap c');
  assert.deepEqual([broken.exit, posts()], [1, 2], broken.out);
  assert.match(broken.out, /did not answer/);
  // The API made the change; only its answer was lost.
  sky.cluster.faults.answer = next(`POST ${ASKED}`, 'deaf', 1);
  const deaf = await sky.lab('create configmap d');
  assert.deepEqual([deaf.exit, posts()], [1, 3], deaf.out);
  sky.cluster.faults.answer = () => undefined;
  assert.equal((await sky.lab('label configmap d mine=yes')).exit, 0);
  const report = await sky.guard.cleanup();
  assert.deepEqual([report.deleted, report.left], [['configmaps "d" in namespace "default"'], []]);
});

test('a short outage of the API interrupts neither reads nor waits', async () => {
  await using sky = await storm();
  await sky.lab('create configmap a');
  const waiting = sky.lab('wait --for=jsonpath={.data.ready}=yes configmap/a --timeout=40s');
  await sky.cluster.faults.watched();
  sky.cluster.faults.answer = () => 'reset';
  sky.cluster.faults.cut();
  const back = Date.now() + 5_000;
  sky.cluster.faults.answer = () => (Date.now() < back ? 'reset' : undefined);
  const { exit, out } = await sky.lab('get configmap a');
  assert.equal(exit, 0, out);
  assert.ok(Date.now() >= back);
  const patched = await sky.lab('patch configmap a --type=merge -p {"data":{"ready":"yes"}}');
  assert.equal(patched.exit, 0, patched.out);
  const waited = await waiting;
  assert.equal(waited.exit, 0, waited.out);
});

test('an expired credential ends the run with one clear message', async () => {
  await using sky = await storm();
  sky.cluster.faults.answer = () => status(401, 'Unauthorized');
  assert.equal((await sky.lab('get configmap a')).exit, 1);
  await assert.rejects(sky.guard.lost, { code: 'LW-TOKEN-EXPIRED' });
});

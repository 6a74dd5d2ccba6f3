/**
 * Failures that look like a rejection by mutual TLS, each produced in a real mesh. `call` distinguishes them: each has its own
 * outcome, or a control that fails at the same moment.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { KubernetesApi } from '../../kube/api.ts';
import { Connection } from '../../kube/connection.ts';
import type { Failure, Observation } from '../../model/evidence.ts';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { type CallStep, call } from '../../steps/call.ts';
import { StepFailure } from '../../steps/failure.ts';
import { kubectlFlags } from '../support/kubectl.ts';

const FILES = join(import.meta.dirname, '..', 'harbour');
const AT = { file: 'a.yaml', line: 1, column: 1 };
const CONTROL_AT = { file: 'a.yaml', line: 5, column: 1 };

let sandbox: Sandbox;
let connection: Connection;

async function kubectl(...args: readonly string[]): Promise<string> {
  const { all, exitCode } = await execa('kubectl', [...kubectlFlags(sandbox.kubeconfig), ...args], {
    all: true,
    reject: false,
  });
  assert.equal(exitCode, 0, all);
  return all;
}
const apply = (name: string) => kubectl('apply', '-f', join(FILES, `${name}.yaml`));
const wait = (...args: readonly string[]) => kubectl('wait', '--timeout=90s', ...args);

before(async () => {
  sandbox = await startSandbox({ name: 'look-alikes', images: [join(FILES, 'images.yaml')] });
  connection = await Connection.open(sandbox.kubeconfig);
  await apply('mesh');
  await wait(
    '-n',
    'openshift-operators',
    'subscription/servicemeshoperator',
    '--for=jsonpath={.status.state}=AtLatestKnown',
  );
  await apply('plane');
  await wait('-n', 'pilots', 'smcp/tide', 'smmr/default', '--for=condition=Ready');
  await apply('app');
  await apply('look-alikes');
  for (const namespace of ['docks', 'shore']) await wait('-n', namespace, 'pods', '--all', '--for=condition=Ready');
});

after(async () => {
  connection?.close();
  await sandbox?.stop();
});

type Asked = Pick<CallStep, 'expect'> & Partial<Pick<CallStep, 'control'>> & { readonly sidecar?: boolean };

const SIDECAR = { from: { namespace: 'docks', sidecar: true }, expect: 200, at: CONTROL_AT };

/** @returns the observation and, if the step failed, the reason. */
async function played(
  url: string,
  { expect, control, sidecar = false }: Asked,
  within = 10_000,
): Promise<{ calls: Extract<Observation, { kind: 'call' }>[]; failure?: Failure }> {
  const calls: Extract<Observation, { kind: 'call' }>[] = [];
  const step: CallStep = {
    verb: 'call',
    at: AT,
    title: 'a call',
    yaml: '',
    url,
    from: { namespace: 'docks', sidecar },
    headers: {},
    expect,
    text: [],
    ...(control === undefined ? {} : { control }),
    within,
  };
  const no = () => Promise.reject(new Error('a call does not need the terminal'));
  const failure = await call
    .onCluster(step, {
      api: new KubernetesApi(connection),
      terminal: { run: no, expand: no, namespace: no },
      figures: {},
      callImage: 'curlimages/curl',
      signal: AbortSignal.timeout(120_000),
      observe: (observation) => {
        if (observation.kind === 'call') calls.push(observation);
      },
    })
    .then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof StepFailure) return error.failure;
        throw error;
      },
    );
  return { calls, ...(failure === undefined ? {} : { failure }) };
}

async function holds(url: string, asked: Asked): Promise<Extract<Observation, { kind: 'call' }>[]> {
  const { calls, failure } = await played(url, asked);
  assert.equal(failure, undefined, JSON.stringify(failure, null, 2));
  return calls;
}

test('a closed port, dropped packets, a missing name, a missing pod, a silent app and a failed handshake do not count as resets', async () => {
  const each: readonly (readonly [string, CallStep['expect'], RegExp])[] = [
    ['http://bare.docks:81/', 'refused', /nothing listens there/],
    ['http://ghosts.docks/', 'refused', /no ready pod/],
    ['http://walled.shore/', 'timeout', /packets were dropped, as a NetworkPolicy does/],
    ['http://nowhere.docks/', 'no-such-host', /DNS does not know the name/],
    ['http://hermit.docks/', 'no-answer', /whoever accepted it hangs/],
    ['https://bare.docks:80/', 'tls-failure', /the TLS handshake failed/],
  ];
  for (const [url, outcome, meaning] of each) {
    const [seen] = await holds(url, { expect: outcome });
    assert.match(seen?.meaning ?? '', meaning, url);
    const { failure } = await played(url, { expect: 'reset' }, 500);
    assert.equal(failure?.code, 'LW-CALL-OUTCOME', url);
    assert.match(failure?.message ?? '', new RegExp(`: ${outcome} instead of reset`), url);
    assert.match(failure?.actual ?? '', meaning, url);
  }
});

test('a 503 from the caller’s own proxy is distinguished from one by the proxy of an app that is down', async () => {
  const [own] = await holds('http://ghosts.docks/', { expect: 503, sidecar: true });
  assert.match(own?.meaning ?? '', /the caller’s own proxy answered/);
  const [beside] = await holds('http://asleep.docks/', { expect: 503, sidecar: true });
  assert.match(beside?.meaning ?? '', /a proxy answered in the app’s stead/);
});

test('under STRICT the proxy resets plaintext, while the control is answered at the same moment', async () => {
  await holds('http://cranes.docks:8600/', { expect: 200 });
  await kubectl('apply', '-f', join(FILES, 'strict.yaml'));
  const [call, control] = await holds('http://cranes.docks:8600/', { expect: 'reset', control: SIDECAR });
  assert.match(call?.meaning ?? '', /accepted the connection and then reset it/);
  assert.deepEqual([control?.control, control?.outcome], [true, '200']);
});

test('a reset by an app that is down proves nothing, as the control shows', async () => {
  const { failure } = await played('http://asleep.docks/', { expect: 'reset', control: SIDECAR }, 3_000);
  assert.equal(failure?.code, 'LW-CALL-CONTROL');
  assert.match(failure?.message ?? '', /at the same moment, got 503 instead of 200, so reset shows nothing/);
  assert.match(failure?.actual ?? '', /a proxy answered in the app’s stead/);
  assert.deepEqual(failure?.at, CONTROL_AT);
});

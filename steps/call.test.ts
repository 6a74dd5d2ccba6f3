/** `call` with the real curl, against servers of this machine: how each ending looks, and what a control adds. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import { after, before, test } from 'node:test';
import type { ApiObject, ClusterApi } from '../kube/types.ts';
import type { Observation } from '../model/evidence.ts';
import { portOf } from '../model/ports.ts';
import { type CallStep, call } from './call.ts';
import { StepFailure } from './failure.ts';

const AT = { file: 'a.yaml', line: 1, column: 1 };
const CONTROL_AT = { file: 'a.yaml', line: 5, column: 1 };

/** Each accepts a connection and does one thing with it. */
const SERVERS = {
  answers: http.createServer((_, response) => response.end('Hello')),
  resets: net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
  closes: net.createServer((socket) => socket.once('data', () => socket.end())),
  isMute: net.createServer((socket) => socket.resume()),
};
const ports = new Map<string, number>();

before(async () => {
  for (const [name, server] of Object.entries(SERVERS)) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.set(name, portOf(server));
  }
});
after(() => {
  SERVERS.answers.closeAllConnections();
  for (const server of Object.values(SERVERS)) server.close();
});

const at = (name: keyof typeof SERVERS, scheme = 'http') => `${scheme}://127.0.0.1:${ports.get(name)}/`;

/** A cluster whose pods are ready at once and whose commands run here. @param asks where the pod with a sidecar is sent. */
function apiOf(asks: (url: string) => string): ClusterApi {
  const pods = new Map<string, ApiObject>();
  const no = () => Promise.reject(new Error('a call does not ask for this'));
  const podKind = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };
  return {
    resolve: () => Promise.resolve(podKind),
    resolveObject: () => Promise.resolve(podKind),
    create: (_kind, object) => {
      const pod = object as ApiObject & { metadata: { annotations: Record<string, string> } };
      const sidecar = pod.metadata.annotations['sidecar.istio.io/inject'] === 'true';
      const containers = sidecar ? [{ name: 'call' }, { name: 'istio-proxy' }] : [{ name: 'call' }];
      const conditions = [{ type: 'Ready', status: 'True' }];
      const containerStatuses = containers.map(({ name }) => ({ name, ready: true }));
      pods.set(pod.metadata.name, {
        ...pod,
        spec: { containers },
        status: { phase: 'Running', conditions, containerStatuses },
      });
      return Promise.resolve(pod);
    },
    follow: (_kind, filter, onChange) => {
      const pod = pods.get((filter.fieldSelector ?? '').replace('metadata.name=', ''));
      if (pod !== undefined) onChange([{ type: 'put', object: pod }]);
      return Promise.resolve();
    },
    exec: (_namespace, pod, _container, [program = '', ...args], { timeoutMs }) =>
      new Promise((resolve) => {
        const proxied = pods.get(pod)?.spec?.['containers'];
        const words = Array.isArray(proxied) && proxied.length > 1 ? args.map(asks) : args;
        const env = { PATH: process.env['PATH'] ?? '' };
        execFile(program, words, { timeout: timeoutMs, env }, (error, stdout, stderr) =>
          resolve({ exit: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
        );
      }),
    delete: () => Promise.resolve(true),
    ...{ get: no, list: no, patch: no, logTail: no, logSince: no },
  };
}

async function played(step: Partial<CallStep> & Pick<CallStep, 'url' | 'expect'>, asks = (url: string) => url) {
  const observations: Observation[] = [];
  const no = () => Promise.reject(new Error('a call does not need the terminal'));
  const whole: CallStep = {
    ...{ verb: 'call', at: AT, title: '', yaml: '', headers: {}, text: [], within: 0 },
    from: { namespace: 'shop', sidecar: false },
    ...step,
  };
  const failure = await call
    .onCluster(whole, {
      api: apiOf(asks),
      terminal: { run: no, expand: no, namespace: no },
      figures: {},
      callImage: 'curl',
      signal: new AbortController().signal,
      observe: (observation) => observations.push(observation),
    })
    .then(
      () => undefined,
      (error: unknown) => (error instanceof StepFailure ? error.failure : Promise.reject(error)),
    );
  return { failure, calls: observations.flatMap((one) => (one.kind === 'call' ? [one] : [])) };
}

test('each ending is what a server made of the connection', async () => {
  const closed = net.createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const port = portOf(closed);
  closed.close();
  const each: readonly (readonly [string, CallStep['expect']])[] = [
    [at('answers'), 200],
    [at('resets'), 'reset'],
    [at('closes'), 'empty-reply'],
    [at('isMute'), 'no-answer'],
    [at('answers', 'https'), 'tls-failure'],
    [at('answers', 'tcp'), 'connected'],
    [`http://127.0.0.1:${port}/`, 'refused'],
    ['http://nowhere.invalid/', 'no-such-host'],
  ];
  const ends = await Promise.all(each.map(([url, expect]) => played({ url, expect })));
  assert.deepEqual(
    ends.map(({ failure, calls }) => [calls[0]?.outcome, failure]),
    each.map(([, expect]) => [String(expect), undefined]),
  );
});

const control: CallStep['control'] = { from: { namespace: 'shop', sidecar: true }, expect: 200, at: CONTROL_AT };

test('a rejection holds when the control is answered in the same moment', async () => {
  const answered = (word: string) => (word === at('resets') ? at('answers') : word);
  const { failure, calls } = await played({ url: at('resets'), expect: 'reset', control }, answered);
  assert.equal(failure, undefined);
  assert.deepEqual(
    calls.map(({ outcome, control: isControl }) => [outcome, isControl]),
    [
      ['reset', undefined],
      ['200', true],
    ],
  );
});

test('a rejection of what does not answer anybody shows nothing', async () => {
  const { failure } = await played({ url: at('resets'), expect: 'reset', control });
  assert.equal(failure?.code, 'LW-CALL-CONTROL');
  assert.match(
    failure?.message ?? '',
    /the control, .*with sidecar in shop at the same moment, got reset instead of 200/,
  );
  assert.deepEqual(failure?.at, CONTROL_AT);
});

test('a call that is not rejected is reported with the control’s result', async () => {
  const { failure } = await played({ url: at('answers'), expect: 'reset', control });
  assert.equal(failure?.code, 'LW-CALL-OUTCOME');
  assert.match(failure?.message ?? '', /200 instead of reset; at the same moment the control, .* got 200/);
});

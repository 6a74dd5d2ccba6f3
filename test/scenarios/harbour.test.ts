/**
 * An app that is in no lab, applied to a sandbox with the real kubectl and called with the real curl: from outside through
 * two gateways, from a pod in the mesh, and from a pod outside it.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SequentialTest } from '../../expect/sequential-test.ts';
import { judgeSplit } from '../../expect/split.ts';
import { stoppingRule } from '../../expect/stopping-rule.ts';
import {
  ask,
  CODE,
  kubectl,
  type Output,
  quay,
  seen,
  startHarbour,
  stopHarbour,
  until,
  visit,
} from '../support/harbour.ts';

before(startHarbour);
after(stopHarbour);

test('matches by header and method, regular expression and query parameter lead to their destinations', async () => {
  const low = ['-H', 'x-tide: low'];
  assert.equal(seen(await visit(quay('/split'), ...low, '-X', 'PUT')).rig, 'north');
  assert.equal(seen(await visit(quay('/bay/12'))).rig, 'buoy');
  assert.equal((await visit(quay('/bay/twelve'), ...CODE)).all, '404');
  assert.equal((await visit(quay('/other'), ...low, ...CODE)).all, '404');
  assert.equal(seen(await visit(quay('/any?watch=night'))).rig, 'north');
});

test('paths and hosts are rewritten, headers set, added and removed', async () => {
  const { all } = await visit(quay('/lift/3'), '-i', '-H', 'x-secret: s');
  assert.match(all, /^x-outer: yes\r?$/m);
  assert.doesNotMatch(all, /^x-inner:/m);
  const { rig, url, headers } = JSON.parse(all.slice(all.indexOf('{')));
  assert.deepEqual(
    [rig, url, headers.host, headers['x-load'], headers['x-secret']],
    ['south', '/hoist/3', 'inside.example', 'heavy', undefined],
  );
  assert.match(
    headers['x-forwarded-client-cert'],
    /URI=spiffe:\/\/cluster\.local\/ns\/pilots\/sa\/istio-ingressgateway/,
  );
});

test('redirect, abort, delay and timeout take effect', async () => {
  const moved = await visit(quay('/moved'), '-o', '/dev/null', '-w', '%{http_code} %{redirect_url}');
  assert.equal(moved.all, '308 http://pier.harbour.example/here');
  assert.equal((await visit(quay('/storm'), ...CODE)).all, '418');
  const late = await visit(quay('/late'), '-o', '/dev/null', '-w', '%{http_code} %{time_total}');
  // Envoy starts counting when its event loop wakes up, slightly before it reads the request.
  assert.match(late.all, /^200 0\.(29|[3-9])/);
  assert.equal((await visit(quay('/slow/timeout'), ...CODE)).all, '504');
});

test('an undefined subset answers 503, and a host without a Route is outside the sandbox', async () => {
  assert.equal((await visit(quay('/nowhere'), ...CODE)).all, '503');
  assert.equal((await visit('http://island.harbour.example/', ...CODE)).all, '502');
  assert.match((await visit('http://island.harbour.example/')).all, /no way out of the sandbox/);
});

test('a second gateway has its own hosts and rules', async () => {
  assert.equal(seen(await visit('http://pier.harbour.example/storm')).rig, 'south');
});

test('a mirrored request reaches both Services, and the destination’s answer is returned', async () => {
  assert.equal(seen(await visit(quay('/echo-one?watch=night'))).rig, 'north');
  await until(
    'the mirror has seen it',
    () => kubectl(['logs', '-n', 'docks', 'deployment/buoy', '-c', 'engine']),
    ({ all }) => /"url":"\/echo-one\?watch=night".*-shadow/.test(all),
  );
});

test('a circuit breaker opens when more requests are pending than it allows', async () => {
  const url = quay('/slow/narrow');
  const { all } = await visit(
    url,
    '--no-progress-meter',
    '-Z',
    '--parallel-immediate',
    '-D',
    '-',
    ...CODE,
    url,
    '-o',
    '/dev/null',
    url,
    '-o',
    '/dev/null',
    url,
    '-o',
    '/dev/null',
    url,
    '-o',
    '/dev/null',
  );
  assert.match(all, /x-envoy-overloaded: true/);
  assert.match(all, /503/);
  assert.match(all, /HTTP\/1\.1 200/);
});

test('a 35/65 split is 35/65', async () => {
  const at = { file: '', line: 1, column: 1 };
  const expect = [
    { value: 'north', share: 0.35, at },
    { value: 'south', share: 0.65, at },
  ];
  const split = { expect, deviation: 0.1, error: 1e-6 };
  const rule = stoppingRule(split);
  // As many as the rule may need: a correct split is seldom undecided for that long.
  const { all } = await visit(`${quay('/split')}/[1-${rule.cutOff}]`, '-D', '-', '-o', '/dev/null');
  const sample = new SequentialTest(rule);
  for (const [, rig = ''] of all.matchAll(/^x-rig: (\w+)/gm)) sample.add(rig);
  const { mismatch } = judgeSplit(split, sample);
  assert.equal(mismatch, undefined, mismatch?.actual);
});

test('calls within the mesh follow the rules for the caller, on named, unnamed and headless ports', async () => {
  assert.equal(seen(await ask('deckhand', 'http://cranes:8600/')).rig, 'south');
  assert.equal(seen(await ask('deckhand', '-H', 'x-side: north', 'http://cranes.docks:8600/')).rig, 'north');
  assert.equal(seen(await ask('deckhand', 'http://cranes.docks.svc.cluster.local:8600/calm')).rig, 'buoy');
  assert.equal(seen(await ask('deckhand', 'http://buoys:90/calm')).rig, 'buoy');
  assert.equal(seen(await ask('deckhand', 'http://anchors:7070/')).rig, 'buoy');
});

test('under STRICT, plaintext is reset while the mesh and the gateways keep working, and the change can be reverted', async () => {
  const buoy = (
    await kubectl(['get', 'pod', '-n', 'docks', '-l', 'part=buoy', '-o', 'jsonpath={.items[0].status.podIP}'])
  ).all;
  const plain = (): Promise<Output> => ask('stranger', 'http://cranes:8600/');
  assert.equal((await plain()).exitCode, 0);
  const steady = visit(`${quay('/split')}/[1-1500]`, '-o', '/dev/null', '-w', '%{http_code}\\n');
  await kubectl(
    ['apply', '-f', '-'],
    'apiVersion: security.istio.io/v1beta1\nkind: PeerAuthentication\nmetadata: { name: shut, namespace: docks }\nspec: { mtls: { mode: STRICT } }\n',
  );
  await until('plaintext is reset', plain, ({ exitCode, all }) => exitCode === 56 && /reset by peer/i.test(all));
  assert.equal((await ask('stranger', `http://${buoy}:7070/`)).exitCode, 56);
  assert.equal(seen(await ask('deckhand', 'http://cranes:8600/')).rig, 'south');
  assert.equal(seen(await ask('deckhand', 'http://buoys:90/calm')).rig, 'buoy');
  assert.equal(seen(await ask('deckhand', 'http://anchors:7070/')).rig, 'buoy');
  assert.equal((await visit(quay('/bay/1'), ...CODE)).all, '200');
  await kubectl(['delete', 'peerauthentication', '-n', 'docks', 'shut']);
  await until('plaintext is let in', plain, ({ exitCode }) => exitCode === 0);
  const codes = new Set((await steady).all.trim().split('\n'));
  assert.deepEqual([...codes], ['200'], 'no request failed while the mode changed twice');
});

test('a policy admits the identities that it names and answers others 403, also where HTTP was detected', async () => {
  const policy = (name: string, spec: string): string =>
    `apiVersion: security.istio.io/v1beta1\nkind: AuthorizationPolicy\nmetadata: { name: ${name}, namespace: docks }\nspec: ${spec}\n`;
  const cranes = policy(
    'cranes',
    '{ selector: { matchLabels: { part: crane } }, rules: [{ from: [{ source: { namespaces: [pilots] } }] }] }',
  );
  const buoys = policy(
    'buoys',
    '{ selector: { matchLabels: { part: buoy } }, action: DENY, rules: [{ from: [{ source: { principals: [cluster.local/ns/docks/sa/default] } }], to: [{ operation: { ports: ["7070"] } }] }] }',
  );
  const { exitCode, all: applied } = await kubectl(['apply', '-f', '-'], `${cranes}---\n${buoys}`);
  assert.equal(exitCode, 0, applied);
  const call = (): Promise<Output> => ask('deckhand', '-w', '%{http_code}', 'http://cranes:8600/');
  await until('the caller is refused', call, ({ all }) => all === 'RBAC: access denied403');
  await until(
    'the caller of the unnamed port is refused',
    () => ask('deckhand', ...CODE, 'http://buoys:90/calm'),
    ({ all }) => all === '403',
  );
  assert.equal((await ask('stranger', ...CODE, 'http://cranes:8600/')).all, '403');
  assert.equal((await ask('stranger', ...CODE, 'http://buoys:90/calm')).all, '200');
  assert.equal((await visit(quay('/split'), ...CODE)).all, '200');
  await kubectl(['delete', 'authorizationpolicy', '-n', 'docks', '--all']);
  await until('the caller is let in', call, ({ all }) => all.endsWith('200'));
});

test('a ServiceEntry names pods by labels, fixed addresses, and hosts by DNS', async () => {
  const entry = (name: string, spec: string): string =>
    `apiVersion: networking.istio.io/v1beta1\nkind: ServiceEntry\nmetadata: { name: ${name}, namespace: docks }\nspec: ${spec}\n`;
  const buoy = (
    await kubectl(['get', 'pod', '-n', 'docks', '-l', 'part=buoy', '-o', 'jsonpath={.items[0].status.podIP}'])
  ).all;
  const entries = [
    entry(
      'tides',
      '{ hosts: [tides.example], location: MESH_INTERNAL, resolution: STATIC, ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 7070 }], workloadSelector: { labels: { part: buoy } } }',
    ),
    entry(
      'depths',
      `{ hosts: [depths.example], addresses: [240.0.0.10], resolution: STATIC, ports: [{ number: 9000, name: tcp, protocol: TCP }], endpoints: [{ address: ${buoy}, ports: { tcp: 7070 } }] }`,
    ),
    entry(
      'winds',
      '{ hosts: [winds.example], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 90 }], endpoints: [{ address: buoys.docks.svc.cluster.local }] }',
    ),
    entry(
      'hidden',
      '{ hosts: [hidden.example], addresses: [240.0.0.11], resolution: STATIC, exportTo: ["~"], ports: [{ number: 9000, name: tcp, protocol: TCP }] }',
    ),
  ];
  const { exitCode, all: applied } = await kubectl(['apply', '-f', '-'], entries.join('---\n'));
  assert.equal(exitCode, 0, applied);
  const by = (host: string, port: number) => (): Promise<Output> =>
    ask('deckhand', '--resolve', `${host}:${port}:240.0.0.10`, `http://${host}:${port}/`);
  await until('a pod answers', by('tides.example', 80), ({ all }) => all.includes('"rig":"buoy"'));
  await until('an address answers', by('depths.example', 9000), ({ all }) => all.includes('"rig":"buoy"'));
  await until('a name answers', by('winds.example', 80), ({ all }) => all.includes('"rig":"buoy"'));
  await kubectl(['delete', 'serviceentry', '-n', 'docks', '--all']);
});

test('a Sidecar makes hosts that it does not list unreachable', async () => {
  const sidecar =
    'apiVersion: networking.istio.io/v1beta1\nkind: Sidecar\nmetadata: { name: deckhand, namespace: docks }\nspec: { workloadSelector: { labels: { who: deckhand } }, egress: [{ hosts: [./cranes.docks.svc.cluster.local] }], outboundTrafficPolicy: { mode: REGISTRY_ONLY } }\n';
  const { exitCode, all: applied } = await kubectl(['apply', '-f', '-'], sidecar);
  assert.equal(exitCode, 0, applied);
  const hidden = (): Promise<Output> => ask('deckhand', ...CODE, 'http://buoys:90/calm');
  await until('hosts without configuration are closed', hidden, ({ exitCode: code }) => code !== 0);
  assert.equal((await ask('deckhand', ...CODE, '-H', 'Host: other.example', 'http://cranes:8600/')).all, '502');
  assert.equal((await ask('deckhand', ...CODE, 'http://cranes:8600/')).all, '200');
  await kubectl(['delete', 'sidecar', '-n', 'docks', 'deckhand']);
  await until('all hosts have configuration', hidden, ({ all }) => all === '200');
});

test('Istio’s webhook refuses invalid rules with its own messages, and the existing rules stay in force', async () => {
  const bad =
    'apiVersion: networking.istio.io/v1alpha3\nkind: VirtualService\nmetadata: { name: bad, namespace: docks }\nspec: { hosts: [quay.harbour.example], gateways: [quay], http: [{ match: [{ uri: { regex: "[a" } }], route: [{ destination: { host: cranes } }] }] }\n';
  const { exitCode, all } = await kubectl(['apply', '-f', '-'], bad);
  assert.equal(exitCode, 1);
  assert.match(
    all,
    /admission webhook "validation\.istio\.io" denied the request: configuration is invalid: "uri": error parsing regexp: missing closing \]/,
  );
  assert.equal((await visit(quay('/bay/1'), ...CODE)).all, '200');
});

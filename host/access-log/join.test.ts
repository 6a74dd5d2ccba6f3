/** Matches requests with the log lines that proxies wrote about them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, type ProxyLog } from './join.ts';
import type { AccessLine } from './line.ts';

const base: AccessLine = {
  time: 1_000,
  path: '/',
  userAgent: 'Firefox',
  requestId: 'a',
  status: 200,
  flags: '',
  cluster: '',
  upstream: '',
  route: '',
  config: '',
  peer: undefined,
  serverName: undefined,
};
const GATEWAY = 'mesh/gateway';
const WEB = 'shop/web-1';
const CONFIG = '/apis/networking.istio.io/v1beta1/namespaces/shop/virtual-service/web';
const SUBSET = 'outbound|80|v1|web.shop.svc.cluster.local';
const gatewayLine = { ...base, cluster: SUBSET, upstream: '10.1.0.5:80', config: CONFIG, route: 'canary' };
const inboundLine = { ...base, time: 1_001, cluster: 'inbound|80||', upstream: '10.1.0.5:80', peer: 'spiffe://x/gw' };
const logs = (gateway: readonly AccessLine[], web: readonly AccessLine[]): ProxyLog[] => [
  { pod: WEB, lines: web },
  { pod: GATEWAY, lines: gateway },
];
const NOBODY = new Map<string, string>();
const asked = { step: 2, id: 'a', path: '/', from: 900, to: 1_100 };

test('a page request is followed from the gateway to the pod that answered it, with identity and rule', () => {
  const { answers, missing } = join([asked], logs([gatewayLine], [inboundLine]), NOBODY);
  assert.deepEqual(missing, []);
  assert.deepEqual(answers, [
    {
      step: 2,
      requests: 1,
      pod: WEB,
      by: 'app',
      status: 200,
      through: [GATEWAY],
      mutualTls: true,
      as: 'spiffe://x/gw',
      virtualService: 'shop/web',
      route: 'canary',
      matchedBy: 'request id',
    },
  ]);
});

test('Istio’s lines show mutual TLS by the requested server name, but not the caller’s identity', () => {
  const { peer: _, ...line } = inboundLine;
  const of = (serverName: string) =>
    join([asked], logs([gatewayLine], [{ ...line, peer: undefined, serverName }]), NOBODY).answers[0];
  assert.equal(of('outbound_.80_.v1_.web.shop.svc.cluster.local')?.mutualTls, true);
  assert.equal(of('outbound_.80_.v1_.web.shop.svc.cluster.local')?.as, undefined);
  assert.equal(of('')?.mutualTls, false);
});

test('a pod without a proxy is identified by its address, and a gateway’s own answer is reported as such', () => {
  const podAt = new Map([['10.1.0.5', 'shop/bare']]);
  assert.equal(join([asked], logs([gatewayLine], []), podAt).answers[0]?.pod, 'shop/bare');
  const own = { ...base, status: 404, flags: 'NR' };
  const [answer] = join([asked], logs([own], []), podAt).answers;
  assert.deepEqual([answer?.pod, answer?.by, answer?.status, answer?.flags], [GATEWAY, 'proxy', 404, 'NR']);
});

test('requests with the same route are counted together, by the sample’s own classification', () => {
  const ids = ['a', 'b', 'c'];
  const lines = ids.map((requestId) => ({ ...gatewayLine, requestId }));
  const sampled = ids.map((id, index) => ({ ...asked, id, value: index === 0 ? 'v2' : 'v1' }));
  const { answers } = join(sampled, logs(lines, []), NOBODY);
  assert.deepEqual(
    answers.map(({ value, requests }) => [value, requests]),
    [
      ['v2', 1],
      ['v1', 2],
    ],
  );
});

test('without a request id, the last line of that path and browser during the step is used', () => {
  const view = { step: 0, path: '/', userAgent: 'Firefox', from: 5_000, to: 9_000 };
  const lines = [
    { ...gatewayLine, requestId: 'before', time: 1_000 },
    { ...gatewayLine, requestId: 'first', time: 6_000 },
    { ...gatewayLine, requestId: 'kept', time: 8_000, status: 201 },
    { ...gatewayLine, requestId: 'other', time: 8_500, userAgent: 'curl' },
  ];
  const { answers } = join([view], logs(lines, []), NOBODY);
  assert.deepEqual([answers[0]?.status, answers[0]?.matchedBy], [201, 'time, path and browser']);
  assert.equal(join([{ ...view, path: '/x' }], logs(lines, []), NOBODY).missing.length, 1);
});

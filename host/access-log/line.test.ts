/** Log lines in the formats of several Istio releases and of the sandbox. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessLine } from './line.ts';

const ID = '4f1a7b0e-9c8d-4e5f-8a6b-7c8d9e0f1a2b';
const START = '2026-03-01T10:00:00.123Z';
const END = [
  `"10.131.0.7" "Mozilla/5.0 (X11; \\"quoted\\")" "${ID}" "shop.test" "10.128.0.9:3000"`,
  'inbound|3000|http|web.shop.svc.cluster.local 127.0.0.6:4711 10.128.0.9:3000 10.128.0.4:50000',
  'outbound_.80_.v1_.web.shop.svc.cluster.local default',
].join(' ');

test('Istio’s text format is parsed, from releases with and without Mixer', () => {
  const old = `[${START}] "GET /a?b=1 HTTP/1.1" 200 - "-" "-" 0 5 3 2 ${END}`;
  const since = `[${START}] "GET /a?b=1 HTTP/1.1" 200 - via_upstream - "-" 0 5 3 2 ${END}`;
  for (const text of [old, since]) {
    const line = accessLine(text);
    assert.ok(line);
    assert.equal(line.time, Date.parse(START));
    assert.deepEqual([line.path, line.status, line.flags, line.requestId], ['/a?b=1', 200, '', ID]);
    assert.equal(line.cluster, 'inbound|3000|http|web.shop.svc.cluster.local');
    assert.equal(line.upstream, '10.128.0.9:3000');
    assert.equal(line.serverName, 'outbound_.80_.v1_.web.shop.svc.cluster.local');
    assert.equal(line.userAgent, 'Mozilla/5.0 (X11; \\"quoted\\")');
    assert.equal(line.route, 'default');
    assert.equal(line.peer, undefined, 'Istio’s text does not name the caller');
  }
});

test('JSON is parsed, with the caller if the line names it', () => {
  const istio = { start_time: START, request_id: ID, path: '/', response_code: 503, response_flags: 'UF' };
  const line = accessLine(JSON.stringify({ ...istio, requested_server_name: null }));
  assert.deepEqual([line?.status, line?.flags, line?.serverName, line?.peer], [503, 'UF', '', undefined]);
  const own = accessLine(JSON.stringify({ ...istio, downstream_peer: '-' }));
  assert.equal(own?.peer, '', 'plaintext');
});

test('other lines of a proxy’s log are ignored', () => {
  for (const text of [
    '',
    '[2026-03-01 10:00:00.123][12][warning][config] gRPC config stream closed',
    `{"start_time":"${START}","upstream_cluster":"inbound|6379||","bytes_sent":7}`,
    '{"level":"info","msg":"ready"}',
    `<GET /> ${ID}`,
    '{ broken',
  ])
    assert.equal(accessLine(text), undefined, text);
});

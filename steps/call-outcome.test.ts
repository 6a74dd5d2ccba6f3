/** What curl prints, and what it tells; the same endings are made for real in test/scenarios/look-alikes.test.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endedBy } from './call-outcome.ts';

const http = { tcp: false, proxied: false };
const failed = (exit: number, stderr: string, time = '0.000000') => ({ exit, stderr, stdout: `\n000 ${time}` });

test('endings that look alike to the caller are told apart', () => {
  const of = (exit: number, stderr: string, time?: string) => endedBy(failed(exit, stderr, time), http).outcome;
  assert.equal(of(56, 'curl: (56) Recv failure: Connection reset by peer', '0.001'), 'reset');
  assert.equal(of(56, 'curl: (56) Failure when receiving data from the peer', '0.001'), 'other');
  assert.equal(of(7, 'curl: (7) Failed to connect to web port 80: Connection refused'), 'refused');
  assert.equal(of(28, 'curl: (28) Connection timed out after 5001 milliseconds'), 'timeout');
  assert.equal(of(28, 'curl: (28) Operation timed out with 0 bytes received', '0.002'), 'no-answer');
  assert.equal(of(6, 'curl: (6) Could not resolve host: web'), 'no-such-host');
  assert.equal(of(52, 'curl: (52) Empty reply from server', '0.001'), 'empty-reply');
  assert.equal(of(35, 'curl: (35) OpenSSL: wrong version number', '0.001'), 'tls-failure');
  assert.equal(of(35, 'curl: (35) Recv failure: Connection reset by peer', '0.001'), 'reset');
  assert.equal(of(60, 'curl: (60) SSL certificate problem: self-signed certificate', '0.001'), 'tls-failure');
});

const answer = (head: string, body: string, status = 503) => ({
  exit: 0,
  stderr: '',
  stdout: `HTTP/1.1 ${status} X\r\n${head}\r\n\r\n${body}\n${status} 0.001`,
});

test('a 503 says who made it: the app, its proxy, or the caller’s own proxy', () => {
  const own = answer('server: envoy', 'no healthy upstream');
  assert.match(endedBy(own, { ...http, proxied: true }).meaning, /the caller’s own proxy answered/);
  const error = 'upstream connect error or disconnect/reset before headers. reset reason: connection failure';
  const behind = answer('server: envoy\r\nx-envoy-upstream-service-time: 3', error);
  assert.match(endedBy(behind, { ...http, proxied: true }).meaning, /a proxy answered in the app’s stead/);
  const app = answer('server: envoy\r\nx-envoy-upstream-service-time: 3', 'we are closed');
  assert.equal(endedBy(app, { ...http, proxied: true }).meaning, '');
  assert.equal(endedBy(answer('server: nginx', 'no healthy upstream'), http).meaning, '');
});

test('headers are not part of what the app printed', () => {
  const { output, outcome } = endedBy(answer('server: x', 'Hello\n\nworld', 200), http);
  assert.deepEqual([outcome, output], [200, 'Hello\n\nworld']);
  const twice = {
    exit: 0,
    stderr: '',
    stdout: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\na: b\r\n\r\nyes\n200 0.1',
  };
  assert.equal(endedBy(twice, http).output, 'yes');
});

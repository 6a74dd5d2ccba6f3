/** Translated rules on a real Envoy: requests enter at a gateway's port, and the access log shows why each ended as it did. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { App } from '../../../sandbox/mesh/testing/app.ts';
import { ENVOY, LiveGateway } from '../../../sandbox/mesh/testing/live-gateway.ts';

const skip = existsSync(ENVOY) ? false : 'Envoy is not there: node setup/index.js';
const apps = [new App('plum-1', 'ripe'), new App('plum-2', 'ripe'), new App('pear-1', 'green')];
let gateway: LiveGateway;

before(async () => {
  if (skip === false) gateway = await LiveGateway.start(apps);
});
after(async () => {
  if (skip === false) await gateway[Symbol.asyncDispose]();
});

const to = (subset: string, weight?: number) => ({
  destination: { host: 'fruit', subset },
  ...(weight === undefined ? {} : { weight }),
});

test('a header’s regular expression must match the whole value; the first matching rule wins', { skip }, async () => {
  await gateway.apply([
    { match: [{ headers: { 'user-agent': { regex: '.*Firefox.*' } } }], route: [to('green')] },
    { route: [to('ripe')] },
  ]);
  assert.equal((await gateway.get('/', 'Mozilla/5.0 Firefox/128.0')).body, 'pear-1');
  assert.match((await gateway.get('/', 'Mozilla/5.0 Chrome/131.0')).body, /^plum/);
  await gateway.apply([
    { match: [{ headers: { 'user-agent': { regex: 'Firefox' } } }], route: [to('green')] },
    { route: [to('ripe')] },
  ]);
  assert.match((await gateway.get('/', 'Mozilla/5.0 Firefox/128.0')).body, /^plum/);
});

test('an 80/20 split is 80/20, within a one in a million chance', { skip }, async () => {
  await gateway.apply([{ route: [to('ripe', 80), to('green', 20)] }]);
  let green = 0;
  for (let request = 0; request < 600; request += 1) if ((await gateway.get('/')).body === 'pear-1') green += 1;
  assert.ok(tail(600, 0.2, green) > 5e-7, `${green} of 600 went to the 20%`);
});

test('an undefined subset gives 503 NC, a subset without pods 503 UH', { skip }, async () => {
  await gateway.apply([
    { match: [{ uri: { prefix: '/unknown' } }], route: [to('unknown')] },
    { route: [to('rotten')] },
  ]);
  for (const [path, flag] of [
    ['/unknown', 'NC'],
    ['/', 'UH'],
  ] as const) {
    const answer = await gateway.get(path);
    assert.equal(answer.status, 503);
    assert.equal((await gateway.logOf(answer))['response_flags'], flag);
  }
});

test('an open circuit breaker answers 503 UO at once, and closes again afterwards', { skip }, async () => {
  const [, , pear] = apps;
  const pool = { tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 1, maxRequestsPerConnection: 1 } };
  await gateway.apply([{ route: [to('green')] }], { connectionPool: pool });
  // Routes take effect slightly earlier than a changed cluster.
  const deadline = Date.now() + 10_000;
  let tried: number[] = [];
  while (!tried.includes(503)) {
    assert.ok(Date.now() < deadline, 'nothing was refused in 10 s');
    const burst = Array.from({ length: 6 }, () => gateway.get('/slow'));
    const letGo = setInterval(() => pear?.letGo(), 20);
    tried = (await Promise.all(burst)).map(({ status }) => status);
    clearInterval(letGo);
  }
  const pending = Array.from({ length: 6 }, () => gateway.get('/slow'));
  // The app still holds the first requests, so only those that overflow are answered now.
  const refused = await Promise.race(pending.map((one) => one));
  assert.equal(refused.status, 503);
  assert.equal((await gateway.logOf(refused))['response_flags'], 'UO');
  const release = setInterval(() => pear?.letGo(), 5);
  const statuses = (await Promise.all(pending)).map(({ status }) => status);
  clearInterval(release);
  assert.ok(statuses.includes(200) && statuses.filter((status) => status === 503).length >= 3, statuses.join());
  assert.equal((await gateway.get('/')).status, 200);
});

test('a failing pod is ejected, and the others keep serving', { skip }, async () => {
  const [first] = apps;
  const outlierDetection = { consecutive5xxErrors: 1, interval: '1s', baseEjectionTime: '60s', maxEjectionPercent: 50 };
  await gateway.apply([{ route: [to('ripe')] }], { outlierDetection });
  if (first !== undefined) first.status = 500;
  const before: number[] = [];
  while (!before.includes(500)) before.push((await gateway.get('/')).status);
  // The ejection takes effect slightly later than the answer that caused it.
  while ((await gateway.get('/')).status !== 200 || (await gateway.get('/')).status !== 200);
  const afterwards: string[] = [];
  for (let request = 0; request < 20; request += 1) afterwards.push((await gateway.get('/')).body);
  if (first !== undefined) first.status = 200;
  assert.deepEqual(new Set(afterwards), new Set(['plum-2']));
});

/** The probability of a result at least as extreme as `seen` on its side, in `count` draws with probability `p`. */
function tail(count: number, p: number, seen: number): number {
  let chance = (1 - p) ** count;
  let below = 0;
  let through = chance;
  for (let k = 1; k <= seen; k += 1) {
    below = through;
    chance *= ((count - k + 1) / k) * (p / (1 - p));
    through += chance;
  }
  return Math.min(through, 1 - below);
}

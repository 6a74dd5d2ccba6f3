/** The guestbook with real Redis servers and a real browser. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from '@playwright/test';
import { type Endpoint, redis } from '../../labs/openshift-service-mesh/images/redis.ts';
import { guestbook, type Settings } from '../../labs/openshift-service-mesh/images/server.ts';
import { freePort } from '../../sandbox/index.ts';

const stops: (() => unknown)[] = [];
after(async () => {
  for (const stop of stops.toReversed()) await stop();
});
// Nothing listens on port 1.
const closed: Endpoint = { host: '127.0.0.1', port: 1 };
const analyzer = 'http://127.0.0.1:1/tone';

describe('the guestbook with Redis', () => {
  let master: Endpoint;
  let replica: Endpoint;
  before(async () => {
    master = await startRedis();
    replica = await startRedis(master);
  });

  test('keeps entries in the master, and so in its replica', async () => {
    const site = await serve({ version: 'v1', redis: { master, replica }, analyzer });
    await get(`${site}/rpush/first/Hello`);
    assert.deepEqual(await redis(master, ['LRANGE', 'first', '0', '-1']), ['Hello']);
    await until(async () => assert.deepEqual(await redis(replica, ['LRANGE', 'first', '0', '-1']), ['Hello']));
    assert.equal(await get(`${site}/lrange/first`), '["Hello"]');
  });

  test('keeps every character of an entry', async () => {
    const site = await serve({ version: 'v1', redis: { master, replica: closed }, analyzer });
    const entry = `a/b?c#d %41 "quoted" 'single' \r\n<b>ä 漢 🎉</b> ${'long '.repeat(2_000)}`;
    assert.deepEqual(JSON.parse(await get(`${site}/rpush/odd/${encodeURIComponent(entry)}`)), [entry]);
  });

  test('reads from the master when the replica does not answer', async () => {
    const site = await serve({ version: 'v1', redis: { master, replica: closed }, analyzer });
    assert.equal(await get(`${site}/rpush/fallback/x`), '["x"]');
  });

  test('answers 500 if the master can’t be written to, and keeps running', async () => {
    const site = await serve({ version: 'v1', redis: { master: closed, replica }, analyzer });
    assert.equal((await fetch(`${site}/rpush/list/x`)).status, 500);
    assert.match(await get(`${site}/hello`), /Your app is up/);
  });

  test('shows Redis’ own information', async () => {
    const site = await serve({ version: 'v2', redis: { master, replica }, analyzer });
    assert.match(await get(`${site}/info`), /role:master/);
  });
});

describe('the guestbook', () => {
  test('shows its version in title and heading', async () => {
    for (const version of ['v1', 'v2']) {
      const html = await get(`${await serve({ version, redis: undefined, analyzer })}/`);
      assert.match(html, new RegExp(`<title>Guestbook - ${version}</title>`));
      assert.match(html, new RegExp(`<h1>Guestbook - ${version}</h1>`));
    }
  });

  test('version 2 shows the error of the missing analyzer', async () => {
    const site = await serve({ version: 'v2', redis: undefined, analyzer });
    assert.match(await get(`${site}/rpush/guestbook/Hello`), /^\["Hello : Error - unable to detect Tone/);
  });

  test('answers 404 for an unknown path and 500 for a malformed one', async () => {
    const site = await serve({ version: 'v1', redis: undefined, analyzer });
    assert.equal((await fetch(`${site}/nothing`)).status, 404);
    assert.equal((await fetch(`${site}/rpush/list/%E0%A4%A`)).status, 500);
    assert.equal(await get(`${site}/healthz`), 'ok\n');
  });

  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  test('shows markup in entries as text, after a reload too', { skip: executablePath === undefined }, async () => {
    const site = await serve({ version: 'v1', redis: undefined, analyzer });
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.goto(site);
      await page.fill('#guestbook-entry-content', hostile);
      await page.click('#guestbook-submit');
      await page.getByText(hostile, { exact: true }).waitFor();
      await page.reload();
      await page.getByText(hostile, { exact: true }).waitFor();
      assert.equal(await page.title(), 'Guestbook - v1');
      assert.equal(await page.locator('#guestbook-entries img, #guestbook-entries script').count(), 0);
    } finally {
      await browser.close();
    }
  });
});

async function serve(settings: Settings): Promise<string> {
  const server = guestbook(settings).listen(0, '127.0.0.1');
  stops.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${portOf(server.address())}`;
}

async function get(url: string): Promise<string> {
  const response = await fetch(url);
  const body = await response.text();
  assert.equal(response.status, 200, body);
  return body;
}

/** A Redis server as images.yaml starts it, on a free port. */
async function startRedis(master?: Endpoint): Promise<Endpoint> {
  const directory = await mkdtemp(join(tmpdir(), 'lw-redis-'));
  const endpoint = { host: '127.0.0.1', port: await freePort() };
  const follow = master === undefined ? [] : ['--replicaof', master.host, String(master.port)];
  const flags = ['--bind', '127.0.0.1', '--save', '', '--repl-diskless-sync-delay', '0', ...follow];
  const server = spawn('redis-server', ['--port', String(endpoint.port), '--dir', directory, ...flags], {
    stdio: 'ignore',
  });
  stops.push(async () => {
    await ended(server);
    await rm(directory, { recursive: true, force: true });
  });
  await until(async () => assert.equal(await redis(endpoint, ['PING']), 'PONG'));
  if (master !== undefined)
    await until(async () =>
      assert.match(String(await redis(endpoint, ['INFO', 'replication'])), /master_link_status:up/),
    );
  return endpoint;
}

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null) return Promise.resolve();
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  return exit;
}

function portOf(address: AddressInfo | string | null): number {
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

/** Another process can only be polled. */
async function until(holds: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      return await holds();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

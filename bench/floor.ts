/**
 * The floor under a certified run: the same two browsers, side by side, sent to as many pages and fetches of a plain
 * server on this machine, with as many idle proxies and programs running. Run as a process of its own
 * by `certify.ts`: pages, fetches, proxies and programs are its arguments.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { chromium as chromiumType, firefox as firefoxType } from '@playwright/test';
import { chromium, firefox } from '../fixtures/browsers.ts';
import { portOf } from '../model/ports.ts';
import { findEnvoy } from '../setup/programs.js';

const PAGE =
  '<!doctype html><title>Guestbook - v1</title><h1>Guestbook</h1><form><input name="entry"><button>Submit</button></form>';

const [pages = 0, fetches = 0, envoys = 0, programs = 0] = process.argv.slice(2).map(Number);
const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${portOf(server)}/`;

function idle(): readonly ChildProcess[] {
  const start = (command: string, args: readonly string[], count: number): ChildProcess[] =>
    Array.from({ length: count }, () => spawn(command, args, { stdio: 'ignore' }));
  const proxy = ['--config-yaml', '{}', '--concurrency', '1', '--disable-hot-restart'];
  const envoy = findEnvoy();
  return [
    ...(envoy === undefined ? [] : start(envoy, proxy, envoys)),
    ...start(process.execPath, ['-e', 'setInterval(() => undefined, 60_000)'], programs),
  ];
}

async function visit(kind: typeof chromiumType, options: typeof chromium | typeof firefox): Promise<void> {
  const channel = 'channel' in options && typeof options.channel === 'string' ? { channel: options.channel } : {};
  const browser = await kind.launch({ ...options.launchOptions, ...channel });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  for (let count = 0; count < pages; count += 1) {
    await page.goto(url);
    await page.title();
    await page.screenshot();
  }
  await page.evaluate(async (times) => {
    for (let count = 0; count < times; count += 1) await (await fetch('/', { cache: 'no-store' })).text();
  }, fetches);
  await browser.close();
}

const beside = idle();
try {
  await Promise.all([visit(chromiumType, chromium), visit(firefoxType, firefox)]);
} finally {
  for (const child of beside) child.kill('SIGKILL');
}
server.close();
server.closeAllConnections();

/** The requests of a `sample` step, in real browsers. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions } from '@playwright/test';
import { pageOf } from '../../fixtures/page.ts';
import { BROWSERS, type BrowserName, launchBrowser } from '../support/browsers.ts';

const COUNT = 40;

let server: Server;
let url: string;
let agents: (string | undefined)[] = [];
const open: Browser[] = [];

before(async () => {
  let served = 0;
  server = createServer((request, response) => {
    // Browsers also request an icon.
    if (request.url === '/') agents.push(request.headers['user-agent']);
    served += 1;
    response.writeHead(200, { 'content-type': 'text/html', 'x-served': String(served) });
    response.end('<!doctype html><title>Fruit &amp; more</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  url = `http://127.0.0.1:${address.port}/`;
});

after(async () => {
  for (const browser of open) await browser.close();
  server.close();
  server.closeAllConnections();
});

/** Sends `COUNT` requests. @returns the answers, and the number of requests that the browser reported. */
async function sampled(name: BrowserName, context: BrowserContextOptions) {
  const browser = await launchBrowser(name);
  open.push(browser);
  const page = await (await browser.newContext(context)).newPage();
  await page.goto(url);
  let reported = 0;
  page.on('request', () => {
    reported += 1;
  });
  agents = [];
  const answers = await pageOf(page).fetchMany(url, COUNT, 6, 'x-served');
  return { answers, reported };
}

for (const name of BROWSERS) {
  test(`${name} sends the requests of a sample without reporting each one`, async () => {
    const { answers, reported } = await sampled(name, {});
    assert.equal(answers.length, COUNT);
    assert.ok(answers.every(({ status, title }) => status === 200 && title === 'Fruit & more'));
    assert.equal(new Set(answers.map(({ header }) => header)).size, COUNT, 'each answer is counted once');
    assert.equal(
      agents.filter((agent) => agent?.toLowerCase().includes(name === 'chromium' ? 'chrome' : name)).length,
      COUNT,
    );
    assert.ok(reported < COUNT, `${reported} requests were reported`);
  });
}

test('a browser with another user agent uses it in samples too', async () => {
  const { answers } = await sampled('chromium', { userAgent: 'Fruit/1.0' });
  assert.equal(answers.length, COUNT);
  assert.deepEqual([...new Set(agents)], ['Fruit/1.0']);
});

/** The answer to opening a page, in real browsers. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { pageOf } from '../../fixtures/page.ts';
import { BROWSERS, launchBrowser } from '../support/browsers.ts';

let server: Server;
let url: string;

before(async () => {
  server = createServer((request, response) => {
    response.writeHead(Number(request.url?.slice(1)) || 200, { 'x-request-id': 'one' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  url = `http://127.0.0.1:${address.port}/`;
});

after(() => {
  server.close();
  server.closeAllConnections();
});

for (const name of BROWSERS) {
  test(`${name} tells the status of an error that has no body`, async () => {
    const browser = await launchBrowser(name);
    try {
      const page = pageOf(await browser.newPage());
      assert.deepEqual(await page.open(`${url}200`), { status: 200, requestId: 'one' });
      if (name === 'firefox') assert.deepEqual(await page.open(`${url}404`), { status: 404, requestId: 'one' });
      else await assert.rejects(page.open(`${url}404`), /the server answered HTTP 404 without a body/);
    } finally {
      await browser.close();
    }
  });
}

/** The proxy between a host's programs and a sandbox, with the real curl. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createNetServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { portOf } from '../../model/ports.ts';
import { serveRouterProxy } from './router-proxy.ts';

let app: HttpServer;
let proxy: Server;
let stop: () => void;
let port = 0;
let appPort = 0;

before(async () => {
  app = createServer((request, response) => response.end(`${request.headers.host} ${request.url}\n`));
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  appPort = portOf(app);
  proxy = createNetServer();
  stop = serveRouterProxy(proxy, {
    router: '127.0.0.2',
    isRouted: (host) => host.endsWith('.apps.test'),
    isInside: (address) => address === '127.0.0.1',
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  port = portOf(proxy);
});
after(() => {
  stop();
  app.close();
});

async function curl(...args: string[]): Promise<{ out: string; exit: number | undefined; err: string }> {
  const { stdout, stderr, exitCode } = await execa('curl', ['-sS', '-x', `http://127.0.0.1:${port}`, ...args], {
    reject: false,
    env: { no_proxy: '', NO_PROXY: '' },
  });
  return { out: stdout, err: stderr, exit: exitCode };
}

test('the address decides where a request goes, and its Host header is kept', async () => {
  const url = `http://127.0.0.1:${appPort}`;
  assert.equal((await curl(`${url}/a?b=c`)).out, `127.0.0.1:${appPort} /a?b=c`);
  assert.equal(
    (await curl('-H', 'Host: shop.example', `${url}/a`, `${url}/b`)).out,
    'shop.example /a\nshop.example /b',
  );
  assert.equal((await curl('-H', 'Host: x.apps.test', url)).out, 'x.apps.test /');
  assert.equal((await curl('-p', url)).out, `127.0.0.1:${appPort} /`);
});

test('a name that is served over a socket leads there over http, and to the router over https', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'lw-proxy-'));
  const path = join(directory, 'console.sock');
  const beside = createServer((request, response) => response.end(`beside ${request.headers.host} ${request.url}\n`));
  await new Promise<void>((resolve) => beside.listen(path, resolve));
  const other = createNetServer();
  const end = serveRouterProxy(other, {
    router: '127.0.0.2',
    isRouted: () => true,
    isInside: () => false,
    socketOf: (host) => (host === 'console.apps.test' ? path : undefined),
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    end();
    beside.closeAllConnections();
    await new Promise((resolve) => beside.close(resolve));
    rmSync(directory, { recursive: true });
  });
  const through = ['-sS', '-x', `http://127.0.0.1:${portOf(other)}`];
  const env = { no_proxy: '', NO_PROXY: '' };
  const plain = await execa('curl', [...through, 'http://console.apps.test/a?b'], { env });
  assert.equal(plain.stdout, 'beside console.apps.test /a?b');
  const tls = await execa('curl', [...through, 'https://console.apps.test/'], { env, reject: false });
  assert.match(tls.stderr, /502/);
});

test('requests to addresses outside the sandbox are refused with a message, for https too', async () => {
  for (const url of ['http://example.com/', 'http://192.0.2.1/']) {
    const { out } = await curl('-w', ' %{http_code}', url);
    assert.match(
      out,
      /^Labwright: there is no way out of the sandbox, and \S+ is neither the name of a Route .*see `web:`/,
    );
    assert.match(out, /502$/);
  }
  const { out, exit } = await curl('-i', '-v', '--suppress-connect-headers', 'https://example.com/');
  assert.equal(exit, 56);
  assert.equal(out, '');
  const raw = await execa('curl', ['-sS', '-i', '-x', `http://127.0.0.1:${port}`, 'https://example.com/'], {
    reject: false,
  });
  assert.match(raw.stderr, /CONNECT tunnel failed, response 502/);
  assert.match(raw.stdout, /HTTP\/1\.1 502 Bad Gateway/);
});

test('a router’s host name is served only on the router’s ports, and an unknown one is named', async () => {
  assert.match(
    (await curl('http://x.apps.test:8080/')).out,
    /x\.apps\.test is a name of the router, which listens on 80 and 443 and not on 8080/,
  );
  assert.match((await curl('http://x.apps.test/')).out, /nothing answers at 127\.0\.0\.2:80 in the sandbox/);
});

test('a request that is not for a proxy gets a message', async () => {
  const { stdout } = await execa('curl', ['-sS', '--noproxy', '*', `http://127.0.0.1:${port}/`]);
  assert.match(stdout, /this is an HTTP proxy/);
});

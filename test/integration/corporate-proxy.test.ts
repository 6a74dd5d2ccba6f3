/** A cluster behind a corporate proxy, with its own certificate authority and full verification. */

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServerCertificate } from '../../certificates/server.ts';
import { Connection } from '../../kube/connection.ts';
import { Rest } from '../../kube/rest.ts';
import { portOf } from '../../model/ports.ts';

/** The only name in the certificate that does not mean this machine. */
const HOST = 'kubernetes.default.svc';

test('the cluster is reached through HTTPS_PROXY unless NO_PROXY names it, and only with its own authority', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lw-corporate-'));
  const certificate = await createServerCertificate();
  const api = createServer({ cert: certificate.cert, key: certificate.key }, (_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"kind":"ok"}');
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const port = portOf(api);
  const asked: string[] = [];
  const proxy = createHttpServer();
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));

  const answer = async (authority: string): Promise<unknown> => {
    const file = join(directory, 'kubeconfig');
    const cluster = {
      server: `https://${HOST}:${port}`,
      'certificate-authority-data': Buffer.from(authority).toString('base64'),
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token: 'sha256~only-for-tests-only-for-tests' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'c',
    };
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    const connection = await Connection.open(file);
    try {
      return await new Rest(connection).json('GET', '/version', { retries: false });
    } finally {
      connection.close();
    }
  };
  const names = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];
  const kept = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  try {
    for (const name of names) delete process.env[name];
    process.env['HTTPS_PROXY'] = `http://127.0.0.1:${portOf(proxy)}`;
    assert.deepEqual(await answer(certificate.authority), { kind: 'ok' });
    assert.deepEqual(asked, [`${HOST}:${port}`]);
    const other = await createServerCertificate('somebody-else');
    await assert.rejects(answer(other.authority), /certificate|signature|issuer/i);
    const before = asked.length;
    process.env['NO_PROXY'] = '.default.svc';
    await assert.rejects(answer(certificate.authority), /ENOTFOUND|EAI_AGAIN/);
    assert.equal(asked.length, before);
  } finally {
    for (const [name, value] of Object.entries(kept))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    proxy.closeAllConnections();
    proxy.close();
    api.closeAllConnections();
    api.close();
    await rm(directory, { recursive: true });
  }
});

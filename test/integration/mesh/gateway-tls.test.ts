/** TLS at a gateway, on a real Envoy: its certificates, client certificates and passthrough. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import https from 'node:https';
import test, { after, before } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { freePort, portOf } from '../../../model/ports.ts';
import { issueIdentity } from '../../../sandbox/mesh/identity.ts';
import type { GatewayServer } from '../../../sandbox/mesh/model/gateway.ts';
import { App } from '../../../sandbox/mesh/testing/app.ts';
import { authority, ENVOY, LiveGateway } from '../../../sandbox/mesh/testing/live-gateway.ts';

const skip = existsSync(ENVOY) ? false : 'Envoy is not there: node setup/index.js';
let gateway: LiveGateway;
let port = 0;

before(async () => {
  if (skip !== false) return;
  gateway = await LiveGateway.start([new App('plum', 'ripe')]);
  port = await freePort();
  await gateway.apply([{ route: [{ destination: { host: 'fruit' } }] }]);
});
after(async () => {
  if (skip === false) await gateway[Symbol.asyncDispose]();
});

const issued = await authority();
const pair = async (name: string) => {
  const { chain, key } = await issueIdentity(issued, `https://${name}`);
  return { cert: chain, key };
};
const secret = (name: string, data: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'orchard' },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
});
const server = (protocol: string, host: string, tls?: GatewayServer['tls']): GatewayServer => ({
  port: { number: port, name: `more-${host}`, protocol },
  hosts: [host],
  ...(tls === undefined ? {} : { tls }),
});

/** The first line of an answer and the names in the server's certificate; undefined if there is no answer. */
async function ask(host: string, client = {}): Promise<{ line: string; subject: string } | undefined> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, servername: host, rejectUnauthorized: false, ...client };
    const socket: TLSSocket = connect(options, () =>
      socket.write(`GET / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
    );
    const subject = () => socket.getPeerCertificate().subjectaltname ?? '';
    let text = '';
    let named = '';
    socket.on('secureConnect', () => {
      named = subject();
    });
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(text === '' ? undefined : { line: text.split('\r\n')[0] ?? '', subject: named }));
  });
}

async function until<T>(look: () => Promise<T | undefined>, holds: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = await look();
    if (value !== undefined && holds(value)) return value;
    assert.ok(Date.now() < deadline, `seen for 15 s: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('each host presents the certificate of its Secret, and a new one without a restart', { skip }, async () => {
  const [plum, pear, newer] = await Promise.all([pair('plum.test'), pair('pear.test'), pair('newer.test')]);
  const tls = (name: string) => ({ mode: 'SIMPLE', credentialName: name });
  const pearSecret = secret('pear', { cert: pear.cert, key: pear.key });
  gateway.change({
    servers: [server('HTTPS', 'plum.test', tls('plum')), server('HTTPS', 'pear.test', tls('pear'))],
    secrets: [secret('plum', { 'tls.crt': plum.cert, 'tls.key': plum.key }), pearSecret],
  });
  const answer = await until(
    () => ask('plum.test'),
    () => true,
  );
  assert.deepEqual(answer, { line: 'HTTP/1.1 200 OK', subject: 'URI:https://plum.test' });
  assert.equal((await ask('pear.test'))?.subject, 'URI:https://pear.test');
  assert.equal(await ask('apple.test'), undefined);
  gateway.change({ secrets: [secret('plum', { 'tls.crt': newer.cert, 'tls.key': newer.key }), pearSecret] });
  await until(
    () => ask('plum.test'),
    ({ subject }) => subject === 'URI:https://newer.test',
  );
});

test('under MUTUAL, only clients with a certificate of the Secret’s authority are admitted', { skip }, async () => {
  const [own, client] = await Promise.all([pair('plum.test'), pair('client.test')]);
  gateway.change({
    servers: [server('HTTPS', 'mutual.test', { mode: 'MUTUAL', credentialName: 'both' })],
    secrets: [secret('both', { 'tls.crt': own.cert, 'tls.key': own.key, 'ca.crt': issued.certificate })],
  });
  const answer = await until(
    () => ask('mutual.test', client),
    () => true,
  );
  assert.equal(answer.line, 'HTTP/1.1 200 OK');
  assert.equal(await ask('mutual.test'), undefined);
});

test('a destination that requires a client certificate gets the Secret’s, and its own is verified', {
  skip,
}, async (t) => {
  const [own, client] = await Promise.all([pair('inside.test'), pair('client.test')]);
  const asking = { ...own, ca: issued.certificate, requestCert: true, rejectUnauthorized: true };
  const inside = https.createServer(asking, (_request, response) => response.end('inside'));
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', () => resolve()));
  t.after(() => {
    inside.close();
    inside.closeAllConnections();
  });
  const app = new App('asking', 'ripe');
  Object.defineProperty(app, 'port', { value: portOf(inside) });
  const { apps } = gateway;
  const tls = { mode: 'MUTUAL', credentialName: 'client', subjectAltNames: ['https://inside.test'] } as const;
  const data = { 'tls.crt': client.cert, 'tls.key': client.key, 'ca.crt': issued.certificate };
  gateway.change({ apps: [app], secrets: [secret('client', data)], policy: { tls } });
  await until(
    () => gateway.get('/').catch(() => undefined),
    ({ body }) => body === 'inside',
  );
  const other = { ...tls, subjectAltNames: ['https://other.test'] };
  gateway.change({ policy: { tls: other } });
  await until(
    () => gateway.get('/').catch(() => undefined),
    ({ status }) => status === 503,
  );
  gateway.change({ apps, policy: {} });
});

test('passthrough TLS reaches the destination unopened, chosen by server name', { skip }, async (t) => {
  const own = await pair('inside.test');
  const inside = https.createServer(own, (_request, response) => response.end('inside'));
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', () => resolve()));
  t.after(() => {
    inside.close();
    inside.closeAllConnections();
  });
  const app = new App('unopened', 'ripe');
  Object.defineProperty(app, 'port', { value: portOf(inside) });
  const { apps } = gateway;
  gateway.change({
    apps: [app],
    servers: [server('TLS', '*.test', { mode: 'PASSTHROUGH' })],
    tls: [{ match: [{ port, sniHosts: ['inside.test'] }], route: [{ destination: { host: 'fruit' } }] }],
  });
  const answer = await until(
    () => ask('inside.test'),
    ({ subject }) => subject === 'URI:https://inside.test',
  );
  assert.equal(answer.line, 'HTTP/1.1 200 OK');
  assert.equal(await ask('outside.test'), undefined);
  gateway.change({ apps });
});

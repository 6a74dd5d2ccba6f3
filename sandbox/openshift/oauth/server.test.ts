/** The sandbox's OAuth server, with requests from curl and the requests that `oc` and a browser send. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { portOf } from '../../../model/ports.ts';
import { Client } from '../../client/client.ts';
import { registeredClients } from './clients.ts';
import { OAuthServer } from './server.ts';

const ACCOUNTS = [
  { name: 'admin', password: 'pass:word', token: 'sha256~of-admin' },
  { name: 'developer', password: 'other', token: 'sha256~of-developer' },
];
const SHOP = {
  apiVersion: 'oauth.openshift.io/v1',
  kind: 'OAuthClient',
  metadata: { name: 'shop' },
  secret: 'of the shop',
  redirectURIs: ['https://shop.test/auth'],
};
/** An API server with one OAuthClient. */
const api = createServer(({ url }, response) => {
  const found = url === '/apis/oauth.openshift.io/v1/oauthclients/shop';
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ? SHOP : {}));
});
let server: Server;
let host: string;

before(async () => {
  const address = await listen(api);
  const oauth = new OAuthServer(ACCOUNTS, registeredClients(new Client(`http://${address}`)));
  server = createServer((request, response) => {
    void oauth.handle(request, response).then((done) => done || response.writeHead(404).end());
  });
  host = await listen(server);
});
after(() => {
  server.close();
  api.close();
});

async function listen(one: Server): Promise<string> {
  one.listen(0, '127.0.0.1');
  await once(one, 'listening');
  return `127.0.0.1:${portOf(one)}`;
}

const ask = (path: string, init: RequestInit = {}) => fetch(`http://${host}${path}`, { redirect: 'manual', ...init });
const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});
const form = (fields: Record<string, string>, headers: Record<string, string> = {}, then = ''): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: `${new URLSearchParams(fields)}&then=${encodeURIComponent(then)}`,
});
const implicit = () => `https://${host}/oauth/token/implicit`;
const authorize = (fields: Record<string, string>) => `/oauth/authorize?${new URLSearchParams(fields)}`;
const challenging = (more: Record<string, string>) =>
  authorize({ client_id: 'openshift-challenging-client', redirect_uri: implicit(), ...more });

test('its document names the endpoints that clients look for', async () => {
  const document = (await (await ask('/.well-known/oauth-authorization-server')).json()) as Record<string, unknown>;
  assert.equal(document['issuer'], `https://${host}`);
  assert.equal(document['authorization_endpoint'], `https://${host}/oauth/authorize`);
  assert.deepEqual(document['code_challenge_methods_supported'], ['plain', 'S256']);
});

test('curl with name and password gets a token, as guides fetch one', async () => {
  const { stdout } = await promisify(execFile)('curl', [
    '-sS',
    '-D-',
    '-u',
    'admin:pass:word',
    '-H',
    'X-CSRF-Token: 1',
    `http://${host}/oauth/authorize?client_id=openshift-challenging-client&response_type=token`,
  ]);
  assert.match(stdout, /^HTTP\/1\.1 302/);
  assert.match(stdout, /^location: https:\/\/\S+\/oauth\/token\/implicit#.*access_token=sha256%7Eof-admin\b/im);
});

test('a wrong password, an unknown user and no user are challenged; without the header there is no challenge', async () => {
  for (const headers of [basic('admin', 'wrong'), basic('stranger', 'pass:word'), {}]) {
    const answer = await ask(challenging({ response_type: 'token' }), { headers: { 'x-csrf-token': '1', ...headers } });
    assert.deepEqual([answer.status, answer.headers.get('www-authenticate')], [401, 'Basic realm="openshift"']);
  }
  const bare = await ask(challenging({ response_type: 'token' }), { headers: basic('admin', 'pass:word') });
  assert.deepEqual([bare.status, bare.headers.get('www-authenticate')], [401, null]);
  assert.match(bare.headers.get('warning') ?? '', /X-CSRF-Token/);
});

test('a code is exchanged once, with its verifier, by the client it was given to', async () => {
  const verifier = 'v'.repeat(43);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const headers = { 'x-csrf-token': '1', ...basic('developer', 'other') };
  const code = async (): Promise<string> => {
    const asked = challenging({ response_type: 'code', code_challenge: challenge, code_challenge_method: 'S256' });
    const { headers: answered } = await ask(asked, { headers });
    return new URL(answered.get('location') ?? '').searchParams.get('code') ?? '';
  };
  const exchange = (fields: Record<string, string>, client = 'openshift-challenging-client') =>
    ask(
      '/oauth/token',
      form({ grant_type: 'authorization_code', redirect_uri: implicit(), ...fields }, basic(client, '')),
    );
  const first = await code();
  const given = await exchange({ code: first, code_verifier: verifier });
  assert.equal(((await given.json()) as Record<string, unknown>)['access_token'], 'sha256~of-developer');
  assert.equal((await exchange({ code: first, code_verifier: verifier })).status, 400, 'a second time');
  assert.equal((await exchange({ code: await code(), code_verifier: 'wrong' })).status, 400, 'a wrong verifier');
  assert.equal((await exchange({ code: await code() })).status, 400, 'no verifier');
  const stranger = await exchange({ code: await code(), code_verifier: verifier }, 'openshift-cli-client');
  assert.equal(stranger.status, 400, 'another client');
});

test('nothing is sent to an address that the client is not known by', async () => {
  for (const fields of [
    { client_id: 'openshift-cli-client', redirect_uri: 'http://127.0.0.1.evil.test/callback' },
    { client_id: 'openshift-cli-client', redirect_uri: 'https://evil.test/callback' },
    { client_id: 'openshift-challenging-client', redirect_uri: 'http://127.0.0.1:1/callback' },
    { client_id: 'stranger', redirect_uri: 'http://127.0.0.1:1/callback' },
  ])
    assert.equal((await ask(authorize({ response_type: 'code', ...fields }))).status, 400, JSON.stringify(fields));
});

test('a browser logs in on the page, and is sent back to where it came from', async () => {
  const asked = authorize({
    client_id: 'openshift-cli-client',
    redirect_uri: 'http://127.0.0.1:4711/callback',
    response_type: 'code',
    state: 'mine',
  });
  const led = (await ask(asked)).headers.get('location') ?? '';
  assert.match(led, /^\/login\?then=/);
  const page = await ask(led);
  const body = await page.text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';
  const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? '';
  const fields = { csrf, username: 'developer' };
  const wrong = await ask('/login', form({ ...fields, password: 'no' }, { cookie }, asked));
  assert.match(await wrong.text(), /Invalid login or password/);
  const forged = await ask('/login', form({ ...fields, csrf: 'other', password: 'other' }, { cookie }, asked));
  assert.match(await forged.text(), /CSRF/);
  const right = await ask('/login', form({ ...fields, password: 'other' }, { cookie }, asked));
  assert.deepEqual([right.status, right.headers.get('location')], [302, asked]);
  const session = right.headers.get('set-cookie') ?? '';
  assert.match(session, /Secure; HttpOnly/);
  const back = (await ask(asked, { headers: { cookie: session.split(';')[0] ?? '' } })).headers.get('location') ?? '';
  assert.match(back, /^http:\/\/127\.0\.0\.1:4711\/callback\?state=mine&code=/);
  const elsewhere = await ask('/login', form({ ...fields, password: 'other' }, { cookie }, '//evil.test'));
  assert.equal(elsewhere.headers.get('location'), '/oauth/token/request');
});

test('an OAuthClient may redirect to its addresses and paths below them, and authenticates with its secret', async () => {
  const cookie = await session();
  const to = async (redirect_uri: string): Promise<string | undefined> => {
    const asked = authorize({ client_id: 'shop', redirect_uri, response_type: 'code' });
    const answer = await ask(asked, { headers: { cookie } });
    return answer.status === 302 ? (answer.headers.get('location') ?? '') : undefined;
  };
  for (const address of ['https://shop.test/authority', 'https://other.test/auth', 'http://shop.test/auth', 'nowhere'])
    assert.equal(await to(address), undefined, address);
  const redirect = 'https://shop.test/auth/callback';
  const exchange = async (headers: Record<string, string>, fields: Record<string, string> = {}): Promise<number> => {
    const code = new URL((await to(redirect)) ?? '').searchParams.get('code') ?? '';
    const all = { grant_type: 'authorization_code', code, redirect_uri: redirect, ...fields };
    return (await ask('/oauth/token', form(all, headers))).status;
  };
  assert.equal(await exchange(basic('shop', 'of+the+shop')), 200);
  assert.equal(await exchange({}, { client_id: 'shop', client_secret: 'of the shop' }), 200);
  assert.equal(await exchange(basic('shop', 'of another')), 400);
  assert.equal(await exchange({}, { client_id: 'shop' }), 400);
});

/** The cookie of a logged-in browser. */
async function session(): Promise<string> {
  const page = await ask('/login');
  const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? '';
  const done = await ask('/login', form({ csrf, username: 'developer', password: 'other' }, { cookie }));
  return done.headers.get('set-cookie')?.split(';')[0] ?? '';
}

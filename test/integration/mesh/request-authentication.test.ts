/** Tokens on a real Envoy: invalid ones are refused, and policies see the claims of valid ones. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { App } from '../../../sandbox/mesh/testing/app.ts';
import { ENVOY, LiveGateway } from '../../../sandbox/mesh/testing/live-gateway.ts';

const skip = existsSync(ENVOY) ? false : 'Envoy is not there: node setup/index.js';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256' }] });
const ISSUER = 'https://issuer.test';
let gateway: LiveGateway;

before(async () => {
  if (skip !== false) return;
  gateway = await LiveGateway.start([new App('plum', 'ripe')]);
  await gateway.apply([{ route: [{ destination: { host: 'fruit' } }] }]);
});
after(async () => {
  if (skip === false) await gateway[Symbol.asyncDispose]();
});

function token(claims: object, key: KeyObject = privateKey): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: 'k', typ: 'JWT' })}.${part({ iss: ISSUER, sub: 'ann', ...claims })}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

const authentication = (rule: object) => ({
  apiVersion: 'security.istio.io/v1beta1',
  kind: 'RequestAuthentication',
  metadata: { name: 'tokens', namespace: 'orchard' },
  ...{ spec: { jwtRules: [{ issuer: ISSUER, ...rule }] } },
});
const status = async (bearer?: string): Promise<number> =>
  (await gateway.get('/', 'test', bearer === undefined ? {} : { authorization: `Bearer ${bearer}` })).status;

test('an invalid token is refused, a valid one or none is accepted; policies check principals and claims', {
  skip,
}, async () => {
  gateway.change({ objects: [authentication({ jwks })] });
  await gateway.authorize([]);
  const { privateKey: other } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  assert.equal(await status(), 200);
  assert.equal(await status(token({})), 200);
  assert.equal(await status(token({}, other)), 401);
  assert.equal(await status(token({ exp: 1 })), 401);
  assert.equal(await status('nonsense'), 401);
  await gateway.authorize([{ rules: [{ from: [{ source: { requestPrincipals: [`${ISSUER}/ann`] } }] }] }]);
  assert.equal(await status(), 403);
  assert.equal(await status(token({})), 200);
  assert.equal(await status(token({ sub: 'bob' })), 403);
  await gateway.authorize([
    { rules: [{ when: [{ key: 'request.auth.claims[groups]', values: ['growers'] }] }] },
    { action: 'DENY', rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }] }] },
  ]);
  assert.equal(await status(token({ groups: ['eaters', 'growers'] })), 200);
  assert.equal(await status(token({ groups: 'growers' })), 200);
  assert.equal(await status(token({ groups: ['eaters'] })), 403);
  assert.equal(await status(), 403);
});

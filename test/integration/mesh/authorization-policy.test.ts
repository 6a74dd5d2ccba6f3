/** AuthorizationPolicies on a real Envoy: which requests they allow and deny. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { App } from '../../../sandbox/mesh/testing/app.ts';
import { ENVOY, LiveGateway } from '../../../sandbox/mesh/testing/live-gateway.ts';

const skip = existsSync(ENVOY) ? false : 'Envoy is not there: node setup/index.js';
let gateway: LiveGateway;

before(async () => {
  if (skip !== false) return;
  gateway = await LiveGateway.start([new App('plum', 'ripe')]);
  await gateway.apply([{ route: [{ destination: { host: 'fruit' } }] }]);
});
after(async () => {
  if (skip === false) await gateway[Symbol.asyncDispose]();
});

const status = async (path: string, agent?: string): Promise<number> => (await gateway.get(path, agent)).status;

test('an ALLOW policy admits its requests, and all others are refused with Istio’s message', {
  skip,
}, async () => {
  await gateway.authorize([
    { rules: [{ to: [{ operation: { methods: ['GET'], paths: ['/pick*', '*/look'] } }] }] },
    { rules: [{ when: [{ key: 'request.headers[user-agent]', values: ['gardener*'] }] }] },
  ]);
  assert.equal(await status('/pick/1'), 200);
  assert.equal(await status('/tree/look'), 200);
  assert.equal(await status('/tree'), 403);
  assert.equal(await status('/tree', 'gardener'), 200);
  assert.equal((await gateway.get('/tree')).body, 'RBAC: access denied');
});

test('a DENY policy wins over an ALLOW policy', { skip }, async () => {
  await gateway.authorize([
    { rules: [{}] },
    {
      action: 'DENY',
      rules: [
        {
          from: [{ source: { ipBlocks: ['127.0.0.0/8'], notIpBlocks: ['127.9.9.9'] } }],
          to: [{ operation: { hosts: ['STALL.*'], paths: ['/secret'] } }],
        },
      ],
    },
  ]);
  assert.equal(await status('/secret'), 403);
  assert.equal(await status('/open'), 200);
});

test('an empty policy refuses everybody; an AUDIT policy refuses nobody', { skip }, async () => {
  await gateway.authorize([{ action: 'AUDIT', rules: [{}] }]);
  assert.equal(await status('/'), 200);
  await gateway.authorize([{}]);
  assert.equal(await status('/'), 403);
});

test('without a certificate there is no principal, and without a token no request principal', { skip }, async () => {
  await gateway.authorize([
    { action: 'DENY', rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }], to: to('/token') }] },
    { action: 'DENY', rules: [{ from: [{ source: { notPrincipals: ['*'] } }], to: to('/identity') }] },
    { action: 'DENY', rules: [{ from: [{ source: { namespaces: ['orchard'] } }], to: to('/namespace') }] },
  ]);
  assert.equal(await status('/token'), 403);
  assert.equal(await status('/identity'), 403);
  assert.equal(await status('/namespace'), 200);
});

function to(path: string): { operation: { paths: readonly string[] } }[] {
  return [{ operation: { paths: [path] } }];
}

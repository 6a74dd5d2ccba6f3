/** Routes that openshift-apiserver accepts or refuses. The cases are from openshift/library-go and openshift/api. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startApiServer } from '../api/index.ts';
import type { ApiServer } from '../api/types.ts';
import { ApiError, Client } from '../client/client.ts';
import { ROUTES, type Route } from './kinds.ts';
import { routeRules } from './route-rules.ts';
import { installCrds, readCrds } from './schemas.ts';

let api: ApiServer;
let client: Client;

before(async () => {
  api = await startApiServer({
    internal: { host: '127.0.0.1', port: 0 },
    tokens: new Map(),
    serviceCidr: '172.30.0.0/16',
  });
  client = new Client(api.url);
  api.extendKind('route.openshift.io', 'routes', routeRules('apps.test'));
  await installCrds(client, await readCrds('route.openshift.io'));
});
after(() => api.stop());

type Spec = Record<string, unknown>;

const TO = { kind: 'Service', name: 'web' };

function route(name: string, spec: Spec, annotations: Record<string, string> = {}): Route {
  const { apiVersion, kind } = ROUTES;
  return { apiVersion, kind, metadata: { name, namespace: 'default', annotations }, spec: { to: TO, ...spec } };
}

async function refusal(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiError, 'the Route was taken');
  assert.equal(error.code, 422);
  return error.message;
}

test('the answer to a create has the host, the weights and the wildcard policy', async () => {
  const { metadata, spec } = await client.create(
    ROUTES,
    route('plain.v1', { to: { name: 'web' }, alternateBackends: [{ name: 'b' }] } as Spec),
  );
  assert.deepEqual(spec, {
    to: { kind: 'Service', name: 'web', weight: 100 },
    alternateBackends: [{ kind: 'Service', name: 'b', weight: 100 }],
    host: 'plain-v1-default.apps.test',
    wildcardPolicy: 'None',
  });
  assert.equal(metadata.annotations?.['openshift.io/host.generated'], 'true');
});

test('what a Route says itself is kept', async () => {
  const own = { host: 'own.example.com', to: { ...TO, weight: 0 }, wildcardPolicy: 'Subdomain' };
  const { metadata, spec } = await client.create(ROUTES, route('own', own));
  assert.deepEqual(spec, own);
  assert.equal(metadata.annotations?.['openshift.io/host.generated'], undefined);
});

test('TLS without a termination is edge, and old capitals are read', async () => {
  const written = async (name: string, tls: Spec) => (await client.create(ROUTES, route(name, { tls }))).spec.tls;
  assert.deepEqual(await written('tls-empty', {}), { termination: 'edge' });
  assert.deepEqual(await written('tls-capital', { termination: 'Reencrypt' }), { termination: 'reencrypt' });
});

test('a write cannot clear the host', async () => {
  const { metadata } = await client.create(ROUTES, route('kept', {}));
  const replaced = await client.replace(ROUTES, {
    ...route('kept', { path: '/new' }),
    metadata,
  });
  assert.equal(replaced.spec.host, 'kept-default.apps.test');
  assert.equal(replaced.spec.path, '/new');
});

test('a strategic merge patch sets the backends, as oc set route-backends does', async () => {
  await client.create(ROUTES, route('split', { alternateBackends: [{ kind: 'Service', name: 'b', weight: 1 }] }));
  const backends = { to: { weight: 80 }, alternateBackends: [{ kind: 'Service', name: 'c', weight: 20 }] };
  const response = await fetch(`${api.url}/apis/route.openshift.io/v1/namespaces/default/routes/split`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
    body: JSON.stringify({ spec: backends }),
  });
  const { spec } = (await response.json()) as Route;
  assert.equal(response.status, 200);
  assert.deepEqual(spec.to, { ...TO, weight: 80 });
  // The list has no merge key, so the patch replaces it.
  assert.deepEqual(spec.alternateBackends, backends.alternateBackends);
});

const LABEL = /spec\.host: Invalid value: "[^"]*": a lowercase RFC 1123 label must consist of/;
const PEM = 'pem';
const REFUSED: readonly [string, Spec, RegExp][] = [
  ['a host with a space', { host: 'a b.com' }, /spec\.host: Invalid value: "a b\.com": host must conform to DNS 952/],
  ['a host that ends with a dash', { host: 'www-' }, /host must conform to DNS 952 subdomain conventions/],
  ['a host in capitals', { host: 'Www.example.com' }, LABEL],
  ['a host with an empty label', { host: 'a..example.com' }, LABEL],
  ['a label of 64 characters', { host: `${'a'.repeat(64)}.com` }, /must be no more than 63 characters/],
  [
    'a subdomain in capitals',
    { subdomain: 'Web' },
    /spec\.subdomain: Invalid value: "Web": a lowercase RFC 1123 label/,
  ],
  ['a path without a slash', { path: 'foo' }, /spec\.path: Invalid value: "foo": path must begin with \//],
  ['a path with a fragment', { path: '/a#b' }, /spec\.path: Invalid value: "\/a#b": cannot contain # or spaces/],
  [
    'a path with passthrough',
    { path: '/a', tls: { termination: 'passthrough' } },
    /spec\.path: Invalid value: "\/a": passthrough termination does not support paths/,
  ],
  ['no name of a Service', { to: { kind: 'Service', name: '' } }, /spec\.to\.name: Required value/],
  [
    'another kind',
    { to: { kind: 'Pod', name: 'a' } },
    /spec\.to\.kind: Invalid value: "Pod": must reference a Service/,
  ],
  [
    'a weight above 256',
    { to: { ...TO, weight: 257 } },
    /spec\.to\.weight: Invalid value: 257: weight must be an integer between 0 and 256/,
  ],
  [
    'a negative weight of an alternate backend',
    { alternateBackends: [{ ...TO, weight: -1 }] },
    /spec\.alternateBackends\[0\]\.weight: Invalid value: -1: weight must be/,
  ],
  [
    'four alternate backends',
    { alternateBackends: [TO, TO, TO, TO] },
    /spec\.alternateBackends: Required value: cannot specify more than 3 alternate backends/,
  ],
  ['port 0', { port: { targetPort: 0 } }, /spec\.port\.targetPort: Required value/],
  ['a port without a name', { port: { targetPort: '' } }, /spec\.port\.targetPort: Required value/],
  [
    'an unknown termination',
    { tls: { termination: 'tunnel' } },
    /is invalid: spec\.tls\.termination: Unsupported value: "tunnel": supported values: "edge", "passthrough", "reencrypt"$/,
  ],
  [
    'a certificate with passthrough, which is not repeated',
    { tls: { termination: 'passthrough', certificate: PEM, key: PEM } },
    /spec\.tls\.certificate: Invalid value: "redacted certificate data": passthrough termination does not support certificates, spec\.tls\.key: Invalid value: "redacted key data"/,
  ],
  [
    'a destination CA with edge',
    { tls: { termination: 'edge', destinationCACertificate: PEM } },
    /edge termination does not support destination certificates/,
  ],
  [
    'insecure traffic through passthrough',
    { tls: { termination: 'passthrough', insecureEdgeTerminationPolicy: 'Allow' } },
    /Invalid value: "Allow": invalid value for InsecureEdgeTerminationPolicy option, acceptable values are None, Redirect, or empty/,
  ],
  [
    'an unknown policy for insecure traffic',
    { tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Drop' } },
    /"Drop": invalid value for InsecureEdgeTerminationPolicy option, acceptable values are None, Allow, Redirect, or empty$/,
  ],
  [
    'a wildcard without a host',
    { wildcardPolicy: 'Subdomain' },
    /spec\.wildcardPolicy: Invalid value: "Subdomain": host name not specified for wildcard policy/,
  ],
  ['an unknown wildcard policy', { wildcardPolicy: 'All' }, /spec\.wildcardPolicy: Unsupported value: "All"/],
];
for (const [what, spec, words] of REFUSED) {
  test(`refused: ${what}`, async () => {
    assert.match(await refusal(client.create(ROUTES, route('refused', spec))), words);
  });
}

test('an annotation allows long labels, but not a host that is not a subdomain', async () => {
  const allow = { 'route.openshift.io/allow-non-dns-compliant-host': 'true' };
  const long = `${'a'.repeat(64)}.example.com`;
  assert.equal((await client.create(ROUTES, route('long', { host: long }, allow))).spec.host, long);
  assert.match(await refusal(client.create(ROUTES, route('bad', { host: 'A_b.com' }, allow))), /DNS 952/);
});

test('an update is judged as a create is, and the wildcard policy stays', async () => {
  await client.create(ROUTES, route('changed', { host: 'changed.example.com' }));
  const patched = (spec: Spec) => refusal(client.patch(ROUTES, 'changed', 'default', { spec }));
  assert.match(await patched({ host: 'no_host' }), /DNS 952/);
  assert.match(
    await patched({ wildcardPolicy: 'Subdomain' }),
    /spec\.wildcardPolicy: Invalid value: "Subdomain": field is immutable/,
  );
});

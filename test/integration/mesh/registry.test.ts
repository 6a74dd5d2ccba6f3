/** What a pod in the mesh can reach: names of every kind, known hosts only, and servers that publish the keys of tokens. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../../../sandbox/controllers/fake-kubelet.ts';
import { Mesh } from '../../support/mesh/mesh.ts';
import { pod, service } from '../../support/mesh/test-mesh.ts';

const SPEAKER = 'image: mesh.test/speaker, ports: [{ containerPort: 5000 }, { containerPort: 5001 }]';
const IDLE = 'image: busybox, command: [sleep, infinity]';
const HTTP = '{ name: http, port: 80, targetPort: 5000 }';
const TCP = '{ name: tcp-first, port: 81, targetPort: 5001 }';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEYS = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256' }] });

const alias = (name: string, target: string): string => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: app }
spec: { type: ExternalName, externalName: ${target}, ports: [{ name: http, port: 80 }] }
---`;
const APPS = [
  pod('speaker', true, SPEAKER),
  service('speaker', [HTTP, TCP]),
  // A pod with its own DNS name under a headless Service.
  pod('head', true, SPEAKER).replace('spec: {', 'spec: { hostname: head-0, subdomain: heads,'),
  service('heads', ['{ name: http, port: 5000 }', '{ name: tcp-first, port: 5001 }'], ', clusterIP: None').replace(
    'app: heads }, ports',
    'app: head }, ports',
  ),
  alias('inside', 'speaker.app.svc.cluster.local'),
  alias('outside', 'far.beyond.svc.cluster.local'),
  pod('caller', true, IDLE),
  pod('stranger', false, IDLE),
  '\napiVersion: v1\nkind: Namespace\nmetadata: { name: beyond }\n---',
  pod('far', false, `${SPEAKER}, env: [{ name: KEYS, value: '${KEYS}' }]`).replace(
    'namespace: app',
    'namespace: beyond',
  ),
  service('far', [HTTP, TCP]).replace('namespace: app', 'namespace: beyond'),
].join('');

const peers = (spec: string): string => `
apiVersion: security.istio.io/v1beta1
kind: PeerAuthentication
metadata: { name: default, namespace: app }
spec: { ${spec} }
`;
const ONE = peers('selector: { matchLabels: { app: speaker } }, mtls: { mode: DISABLE }').replace('default', 'one');

function token(issuer: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: 'k', typ: 'JWT' })}.${part({ iss: issuer, sub: 'ann' })}`;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

describe('only known hosts may be called (2.6)', () => {
  let mesh: Mesh;
  before(async () => {
    mesh = await Mesh.start('2.6', APPS, [
      'proxy: { networking: { trafficControl: { outbound: { policy: REGISTRY_ONLY } } } }',
    ]);
  });
  after(() => mesh?.stop());

  test('an unknown host is refused, over HTTP and TCP, until a ServiceEntry names it', async () => {
    const far = 'far.beyond.svc.cluster.local';
    assert.deepEqual(await mesh.http('caller', 'http://speaker', `http://${far}`), ['200', '502']);
    assert.equal(await mesh.raw('caller', 'speaker', 81), 'welcome');
    assert.equal(await mesh.raw('caller', far, 81), '');
    assert.deepEqual(await mesh.http('stranger', `http://${far}`), ['200']);
    await mesh.apply(`
apiVersion: networking.istio.io/v1beta1
kind: ServiceEntry
metadata: { name: far, namespace: app }
spec: { hosts: [${far}], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }, { number: 81, name: tcp, protocol: TCP }] }
`);
    assert.deepEqual(await mesh.http('caller', `http://${far}`), ['200']);
    assert.equal(await mesh.raw('caller', far, 81), 'welcome');
    await mesh.delete('serviceentry', 'far');
    await eventually('a closed way', async () => (await mesh.http('caller', `http://${far}`))[0] === '502');
  });

  test('a Service of type ExternalName is a known host, by each of its names', async () => {
    for (const host of ['inside', 'inside.app', 'inside.app.svc.cluster.local', 'outside', 'outside.app.svc'])
      assert.deepEqual(await mesh.http('caller', `http://${host}`), ['200'], host);
  });

  test('single pods of a headless Service are reached by name, with mutual TLS under STRICT', async () => {
    await mesh.apply(peers('mtls: { mode: STRICT }'));
    for (const host of ['head-0.heads', 'head-0.heads.app.svc.cluster.local', 'heads']) {
      assert.deepEqual(await mesh.http('caller', `http://${host}:5000`), ['200'], host);
      assert.equal(await mesh.raw('caller', host, 5001), 'welcome', host);
      assert.deepEqual(await mesh.http('stranger', `http://${host}:5000`), ['none'], host);
    }
    await mesh.delete('peerauthentication', 'default');
  });

  test('clients use plaintext where mutual TLS is disabled: for a namespace, a workload or a port', async () => {
    const port = ONE.replace('mtls: { mode: DISABLE }', 'portLevelMtls: { 5000: { mode: DISABLE } }');
    for (const rule of [peers('mtls: { mode: DISABLE }'), ONE, port]) {
      await mesh.apply(rule);
      assert.deepEqual(await mesh.http('caller', 'http://speaker'), ['200'], rule);
      const name = rule.includes('name: one') ? 'one' : 'default';
      const headers = await mesh.inside('caller', 'curl', '-s', 'http://speaker/');
      assert.doesNotMatch(headers, /x-forwarded-client-cert/, rule);
      await mesh.delete('peerauthentication', name);
    }
    await eventually('mutual TLS again', async () =>
      /x-forwarded-client-cert/.test(await mesh.inside('caller', 'curl', '-s', 'http://speaker/')),
    );
  });

  test('keys of tokens are fetched from a server outside the mesh', async () => {
    const issuer = 'https://issuer.test';
    await mesh.apply(`
apiVersion: security.istio.io/v1beta1
kind: RequestAuthentication
metadata: { name: tokens, namespace: app }
spec: { selector: { matchLabels: { app: speaker } }, jwtRules: [{ issuer: '${issuer}', jwksUri: 'http://far.beyond.svc.cluster.local/keys' }] }
`);
    const bearer = (text: string): string => `-H 'authorization: Bearer ${text}' http://speaker`;
    assert.deepEqual(
      await mesh.http(
        'caller',
        'http://speaker',
        bearer(token(issuer)),
        bearer(token('https://other.test')),
        bearer('x'),
      ),
      ['200', '200', '401', '401'],
    );
  });
});

describe('a release whose clients ignore PeerAuthentications of workloads (2.0)', () => {
  let mesh: Mesh;
  before(async () => {
    mesh = await Mesh.start('2.0', APPS);
  });
  after(() => mesh?.stop());

  test('disabling mutual TLS for one workload breaks its callers until a DestinationRule disables it too', async () => {
    await mesh.apply(peers('mtls: { mode: DISABLE }'));
    assert.deepEqual(await mesh.http('caller', 'http://speaker'), ['200']);
    await mesh.delete('peerauthentication', 'default');
    await mesh.apply(ONE);
    // The caller's proxy may use its connection from before the change once more.
    await eventually('a refusal', async () => (await mesh.http('caller', 'http://speaker'))[0] === '503');
    assert.deepEqual(await mesh.http('caller', 'http://speaker'), ['503']);
    await mesh.apply(`
apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata: { name: plain, namespace: app }
spec: { host: speaker, trafficPolicy: { tls: { mode: DISABLE } } }
`);
    assert.deepEqual(await mesh.http('caller', 'http://speaker'), ['200']);
  });
});

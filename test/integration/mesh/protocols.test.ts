/** The protocol of a port whose name does not give it: detected from the first bytes, or TCP, depending on the release. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../../../sandbox/controllers/fake-kubelet.ts';
import { Mesh } from '../../support/mesh/mesh.ts';
import { pod, service } from '../../support/mesh/test-mesh.ts';

const SPEAKER = 'image: mesh.test/speaker, ports: [{ containerPort: 5000 }, { containerPort: 5001 }]';
const IDLE = 'image: busybox, command: [sleep, infinity]';
const APPS = [
  pod('speaker', true, SPEAKER),
  service('speaker', ['{ name: any, port: 80, targetPort: 5000 }', '{ name: tcp-first, port: 81, targetPort: 5001 }']),
  // The same pod by its own address, on a port that no Service has.
  service('heads', ['{ name: any, port: 5000 }'], ', clusterIP: None').replace(
    'app: heads }, ports',
    'app: speaker }, ports',
  ),
  pod('caller', true, IDLE),
  pod('stranger', false, IDLE),
].join('');

/** Long enough to be distinguished from the start of TLS. */
const HELLO = 'hello there';
const MODES = ['PERMISSIVE', 'STRICT', 'DISABLE'] as const;
const READERS = `
apiVersion: security.istio.io/v1beta1
kind: AuthorizationPolicy
metadata: { name: readers, namespace: app }
spec: { selector: { matchLabels: { app: speaker } }, rules: [{ to: [{ operation: { methods: [GET], paths: [/open*] } }] }] }
`;
const mode = (name: string): string => `
apiVersion: security.istio.io/v1beta1
kind: PeerAuthentication
metadata: { name: default, namespace: app }
spec: { mtls: { mode: ${name} } }
`;

describe('where protocols are detected (2.6)', () => {
  let mesh: Mesh;
  before(async () => {
    mesh = await Mesh.start('2.6', APPS);
  });
  after(() => mesh?.stop());

  for (const name of MODES) {
    const callers = name === 'STRICT' ? ['caller'] : ['caller', 'stranger'];
    test(`${name}: an HTTP policy applies to a port without a protocol, and refuses everything else`, async () => {
      await mesh.apply(mode(name));
      await mesh.apply(READERS);
      for (const from of callers)
        for (const host of ['speaker', 'heads:5000']) {
          const asks = ['open', 'closed', 'open -X PUT'].map((path) => `http://${host}/${path}`);
          assert.deepEqual(await mesh.http(from, ...asks), ['200', '403', '403'], `${from} to ${host}`);
        }
      for (const from of callers) assert.notEqual(await mesh.raw(from, 'speaker', 80, HELLO), 'raw', from);
      await mesh.delete('authorizationpolicy', 'readers');
    });

    test(`${name}: other protocols pass on the same port, and a server may speak first if the name says tcp`, async () => {
      await mesh.apply(mode(name));
      await eventually('no policy', async () => (await mesh.http('caller', 'http://speaker/closed'))[0] === '200');
      for (const from of callers) {
        assert.equal(await mesh.raw(from, 'speaker', 80, HELLO), 'raw', from);
        // A proxy that has to detect TLS waits for the client, so only strict mutual TLS or none works here.
        if (name !== 'PERMISSIVE' || from === 'caller')
          assert.equal(await mesh.raw(from, 'speaker', 81), 'welcome', from);
      }
      if (name !== 'STRICT') return;
      assert.deepEqual(await mesh.http('stranger', 'http://speaker/open'), ['none']);
      assert.notEqual(await mesh.raw('stranger', 'speaker', 80, HELLO), 'raw');
    });
  }
});

describe('where protocols are not detected (2.0)', () => {
  let mesh: Mesh;
  before(async () => {
    mesh = await Mesh.start('2.0', APPS);
  });
  after(() => mesh?.stop());

  test('a port without a protocol is TCP, so an HTTP policy refuses everything there', async () => {
    assert.deepEqual(await mesh.http('caller', 'http://speaker/open'), ['200']);
    assert.equal(await mesh.raw('caller', 'speaker', 80, HELLO), 'raw');
    await mesh.apply(READERS);
    for (const from of ['caller', 'stranger'])
      assert.deepEqual(await mesh.http(from, 'http://speaker/open'), ['none'], from);
  });
});

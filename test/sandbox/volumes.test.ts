import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../../sandbox/controllers/fake-kubelet.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount';
let cluster: TestCluster;
const inside = (...command: string[]): Promise<string> => cluster.kubectl('exec', 'reader', '--', ...command);

before(async () => {
  cluster = await startTestCluster('volumes');
  await cluster.feed(`
apiVersion: v1
kind: ConfigMap
metadata: { name: words }
data: { greeting: hello, secret: hidden }
---
apiVersion: v1
kind: Pod
metadata: { name: reader, labels: { tier: first } }
spec:
  terminationGracePeriodSeconds: 0
  volumes:
    - { name: words, configMap: { name: words, items: [{ key: greeting, path: sub/greeting, mode: 0400 }] } }
    - name: access
      projected:
        defaultMode: 0444
        sources:
          - serviceAccountToken: { path: token, expirationSeconds: 3607 }
          - configMap: { name: words, items: [{ key: greeting, path: ca.crt }] }
          - downwardAPI: { items: [{ path: namespace, fieldRef: { fieldPath: metadata.namespace } }, { path: labels, fieldRef: { fieldPath: metadata.labels } }] }
  containers:
    - name: c
      image: busybox
      command: [sleep, infinity]
      volumeMounts:
        - { name: words, mountPath: /words }
        - { name: words, mountPath: /one, subPath: sub/greeting }
        - { name: access, mountPath: ${TOKEN}, readOnly: true }
`);
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/reader', '--timeout=20s');
});
after(() => cluster?.stop());

test('the service account token, certificate and namespace are mounted where programs expect them', async () => {
  assert.equal(await inside('ls', TOKEN), 'ca.crt\nlabels\nnamespace\ntoken');
  assert.equal(await inside('cat', `${TOKEN}/namespace`), 'default');
  assert.match(await inside('cat', `${TOKEN}/token`), /^[\w-]+\.[\w-]+\.[\w-]+$/);
});

test('keys have paths and modes, and a subPath mounts a single file', async () => {
  assert.equal(await inside('ls', '/words'), 'sub');
  assert.equal(await inside('stat', '-Lc', '%a', '/words/sub/greeting'), '400');
  assert.equal(await inside('cat', '/one'), 'hello');
});

test('a volume follows its source, all files at once; a subPath does not', async () => {
  await cluster.kubectl('patch', 'configmap', 'words', '-p', '{"data":{"greeting":"good-bye"}}');
  await eventually('the new word', async () => (await inside('cat', '/words/sub/greeting')) === 'good-bye');
  assert.equal(await inside('cat', '/one'), 'hello');
  await cluster.kubectl('label', 'pod', 'reader', 'tier=second', '--overwrite');
  await eventually('the new label', async () => /tier="second"/.test(await inside('cat', `${TOKEN}/labels`)));
});

test('a read-only volume can’t be written to', async () => {
  const failed = await inside('touch', `${TOKEN}/mine`).catch((error: Error) => error.message);
  assert.match(failed, /Read-only file system/);
});

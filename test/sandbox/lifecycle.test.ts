/** Lifecycle hooks of containers: postStart and preStop. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../../sandbox/controllers/fake-kubelet.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
const said = (): Promise<string> =>
  cluster.kubectl('exec', 'reader', '--', 'sh', '-c', 'cat /log/log 2>/dev/null; true');
const pod = (name: string, rest: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 10
  volumes: [{ name: log, persistentVolumeClaim: { claimName: log } }]
  containers: [{ name: c, image: busybox, volumeMounts: [{ name: log, mountPath: /log }], ${rest} }]
---`;

before(async () => {
  cluster = await startTestCluster('lifecycle');
  await cluster.feed(`
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: log }
spec: { accessModes: [ReadWriteMany], resources: { requests: { storage: 1Mi } } }
---
${pod('reader', 'command: [sleep, infinity]')}
${pod('polite', `command: [sh, -c, 'trap "echo terminated >> /log/log; exit 0" TERM; while :; do sleep 0.05; done'], lifecycle: { postStart: { exec: { command: [sh, -c, 'echo began >> /log/log'] } }, preStop: { exec: { command: [sh, -c, 'sleep 0.5; echo farewell >> /log/log'] } } }`)}
${pod('broken', `command: [sleep, infinity], lifecycle: { postStart: { exec: { command: [sh, -c, 'echo no; exit 3'] } } }`)}
`);
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/reader', 'pod/polite', '--timeout=20s');
});
after(() => cluster?.stop());

test('a container is ready after postStart, and gets its signal after preStop', async () => {
  assert.equal(await said(), 'began');
  await cluster.kubectl('delete', 'pod', 'polite', '--timeout=20s');
  assert.equal(await said(), 'began\nfarewell\nterminated');
});

test('a failing postStart ends the container, and an event contains its output', async () => {
  await eventually('the end', async () =>
    /Failed/.test(await cluster.kubectl('get', 'pod', 'broken', '-o', 'jsonpath={.status.phase}')),
  );
  assert.match(
    await cluster.kubectl('get', 'events', '--field-selector', 'involvedObject.name=broken'),
    /FailedPostStartHook +pod\/broken +PostStartHook failed: no/,
  );
});

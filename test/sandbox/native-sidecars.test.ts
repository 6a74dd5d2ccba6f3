/** Init containers with `restartPolicy: Always`, as a kubelet runs them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../../sandbox/controllers/fake-kubelet.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
const get = (what: string, path: string): Promise<string> =>
  cluster.kubectl(...`get ${what} --ignore-not-found -o`.split(' '), `jsonpath=${path}`);
/** All containers write to one file, which shows the order. */
const says = (name: string, then: string): string =>
  `trap "echo ${name} ends >> /order/log; exit 0" TERM; echo ${name} starts >> /order/log; ${then}`;
const FOREVER = 'while :; do sleep 0.05; done';

before(async () => {
  cluster = await startTestCluster('sidecars');
  await cluster.feed(`
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: order }
spec: { accessModes: [ReadWriteMany], resources: { requests: { storage: 1Mi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: reader }
spec:
  terminationGracePeriodSeconds: 0
  volumes: [{ name: order, persistentVolumeClaim: { claimName: order } }]
  containers: [{ name: c, image: busybox, command: [sleep, infinity], volumeMounts: [{ name: order, mountPath: /order }] }]
`);
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/reader', '--timeout=20s');
});
after(() => cluster?.stop());

const order = async (): Promise<string[]> =>
  (await cluster.kubectl('exec', 'reader', '--', 'sh', '-c', 'cat /order/log 2>/dev/null; true')).split('\n');
const forget = (): Promise<string> => cluster.kubectl('exec', 'reader', '--', 'rm', '-f', '/order/log', '/order/go');

const container = (name: string, script: string, more = ''): string =>
  `- { name: ${name}, image: busybox, command: [sh, -c, '${script}'], volumeMounts: [{ name: order, mountPath: /order }]${more} }`;
const spec = (init: readonly string[], main: readonly string[], more = ''): string => `
      terminationGracePeriodSeconds: 10
      ${more}
      volumes: [{ name: order, persistentVolumeClaim: { claimName: order } }]
      initContainers:
        ${init.join('\n        ')}
      containers:
        ${main.join('\n        ')}
`;
const ALWAYS = ', restartPolicy: Always';

test('they start in order before the containers that follow, count as containers, and end last', async () => {
  await forget();
  const gate = `${ALWAYS}, startupProbe: { exec: { command: [test, -e, /order/go] }, periodSeconds: 1, failureThreshold: 60 }`;
  await cluster.feed(`
apiVersion: v1
kind: Pod
metadata: { name: app }
spec:${spec([container('first', says('first', FOREVER), gate), container('once', 'echo once >> /order/log'), container('second', says('second', FOREVER), ALWAYS)], [container('main', says('main', FOREVER))])}`);
  await eventually('the first sidecar', async () => (await order()).includes('first starts'));
  assert.match(await cluster.kubectl('get', 'pod', 'app', '--no-headers'), /^app +0\/3 +Init:0\/3 /);
  assert.deepEqual(await order(), ['first starts']);
  await cluster.kubectl('exec', 'reader', '--', 'touch', '/order/go');
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/app', '--timeout=20s');
  assert.deepEqual(await order(), ['first starts', 'once', 'second starts', 'main starts']);
  assert.match(await cluster.kubectl('get', 'pod', 'app', '--no-headers'), /^app +3\/3 +Running +0 /);
  assert.equal(await get('pod app', '{.status.initContainerStatuses[*].started}'), 'true true');
  await cluster.kubectl('delete', 'pod', 'app', '--timeout=20s');
  assert.deepEqual((await order()).slice(4), ['main ends', 'second ends', 'first ends']);
});

test('one that exits is restarted, and the pod is not ready in the meantime', async () => {
  await cluster.feed(`
apiVersion: v1
kind: Pod
metadata: { name: restarts }
spec:${spec([container('side', FOREVER, `${ALWAYS}, readinessProbe: { exec: { command: ["true"] }, periodSeconds: 1 }`)], [container('main', FOREVER)])}`);
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/restarts', '--timeout=20s');
  await cluster.kubectl('exec', 'restarts', '-c', 'side', '--', 'sh', '-c', 'kill -9 $(pgrep -o -f "while :")');
  await eventually(
    'a restart',
    async () => (await get('pod restarts', '{.status.initContainerStatuses[0].restartCount}')) === '1',
  );
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/restarts', '--timeout=20s');
  assert.match(await cluster.kubectl('get', 'pod', 'restarts', '--no-headers'), /^restarts +2\/2 +Running +1 /);
});

test('a Job completes with its main container, and its sidecar is stopped', async () => {
  await forget();
  await cluster.feed(`
apiVersion: batch/v1
kind: Job
metadata: { name: work }
spec:
  template:
    spec:${spec([container('side', says('side', FOREVER), ALWAYS)], [container('main', 'echo done >> /order/log')], 'restartPolicy: Never')}`);
  await cluster.kubectl('wait', '--for=condition=Complete', 'job/work', '--timeout=20s');
  assert.deepEqual(await order(), ['side starts', 'done', 'side ends']);
  assert.equal(await get('pod -l job-name=work', '{.items[0].status.phase}'), 'Succeeded');
});

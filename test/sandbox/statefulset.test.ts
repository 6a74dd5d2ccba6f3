import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
const set = (word: string, replicas = 2): string => `
apiVersion: v1
kind: Service
metadata: { name: db }
spec: { clusterIP: None, selector: { app: db } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  replicas: ${replicas}
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: c
          image: busybox
          command: [sh, -c, 'echo ${word} >> /data/words; exec sleep infinity']
          volumeMounts: [{ name: data, mountPath: /data }]
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
`;
const READY = '{.status.conditions[?(@.type=="Ready")].status}';
const QUEUE = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: queue }
spec:
  serviceName: queue
  selector: { matchLabels: { app: queue } }
  template:
    metadata: { labels: { app: queue } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: c
          image: busybox
          command: [sleep, infinity]
          readinessProbe: { exec: { command: [test, -e, /order/go] }, periodSeconds: 1 }
          volumeMounts: [{ name: order, mountPath: /order }]
      volumes: [{ name: order, emptyDir: {} }]
`;
const words = (pod: string): Promise<string> => cluster.kubectl('exec', pod, '--', 'cat', '/data/words');

before(async () => {
  cluster = await startTestCluster('statefulset');
  await cluster.feed(set('one'));
  await cluster.kubectl('rollout', 'status', 'statefulset/db', '--timeout=20s');
});
after(() => cluster?.stop());

test('a pod is created only when the one before it is ready', async () => {
  await cluster.feed(QUEUE);
  await cluster.kubectl('wait', '--for=jsonpath={.status.phase}=Running', 'pod/queue-0', '--timeout=20s');
  // When the controller has handled this change, it has seen that queue-0 is not ready.
  await cluster.kubectl('scale', 'statefulset', 'queue', '--replicas=2');
  await cluster.kubectl('wait', '--for=jsonpath={.status.observedGeneration}=2', 'statefulset/queue', '--timeout=20s');
  assert.equal(await cluster.kubectl('get', 'pods', '-l', 'app=queue', '-o', 'name'), 'pod/queue-0');
  await cluster.kubectl('exec', 'queue-0', '--', 'touch', '/order/go');
  await cluster.kubectl('wait', '--for=create', 'pod/queue-1', '--timeout=20s');
  assert.equal(await cluster.kubectl('get', 'pod', 'queue-0', '-o', `jsonpath=${READY}`), 'True');
  await cluster.kubectl('delete', 'statefulset', 'queue');
});

test('pods have DNS names through the headless Service', async () => {
  const ip = await cluster.kubectl('get', 'pod', 'db-1', '-o', 'jsonpath={.status.podIP}');
  const found = await cluster.kubectl('exec', 'db-0', '--', 'getent', 'hosts', 'db-1.db.default.svc.cluster.local');
  assert.equal(found.split(/\s+/)[0], ip);
  assert.equal(await cluster.kubectl('exec', 'db-1', '--', 'hostname'), 'db-1');
});

test('an update goes from the last pod to the first, storage stays, and undo reverts it', async () => {
  await cluster.feed(set('two'));
  await cluster.kubectl('rollout', 'status', 'statefulset/db', '--timeout=20s');
  assert.equal(await words('db-0'), 'one\ntwo');
  assert.match(await cluster.kubectl('rollout', 'history', 'statefulset/db'), /\n1 .*\n2 /);
  await cluster.kubectl('rollout', 'undo', 'statefulset/db');
  await cluster.kubectl('rollout', 'status', 'statefulset/db', '--timeout=20s');
  assert.equal(await words('db-1'), 'one\ntwo\none');
});

test('a partition holds back the lower pods, and OnDelete waits for a deletion', async () => {
  const strategy = (value: string): Promise<string> =>
    cluster.kubectl('patch', 'statefulset', 'db', '--type=merge', '-p', `{"spec":{"updateStrategy":${value}}}`);
  const image = (name: string): Promise<string> => cluster.kubectl('set', 'image', 'statefulset/db', `c=${name}`);
  const images = (): Promise<string> =>
    cluster.kubectl('get', 'pods', 'db-0', 'db-1', '-o', 'jsonpath={.items[*].spec.containers[0].image}');
  await strategy('{"type":"RollingUpdate","rollingUpdate":{"partition":1}}');
  await image('busybox:1.36');
  await cluster.kubectl('rollout', 'status', 'statefulset/db', '--timeout=20s');
  assert.equal(await images(), 'busybox busybox:1.36');
  await strategy('{"type":"OnDelete","rollingUpdate":null}');
  await cluster.kubectl('delete', 'pod', 'db-0');
  await cluster.kubectl('wait', '--for=jsonpath={.status.readyReplicas}=2', 'statefulset/db', '--timeout=20s');
  assert.equal(await images(), 'busybox:1.36 busybox:1.36');
});

test('scaling down removes the last pod and keeps its claim for later', async () => {
  await cluster.kubectl('scale', 'statefulset', 'db', '--replicas=1');
  await cluster.kubectl('wait', '--for=delete', 'pod/db-1', '--timeout=20s');
  assert.match(await cluster.kubectl('get', 'pvc', 'data-db-1', '--no-headers'), /^data-db-1 +Bound +pvc-/);
  await cluster.kubectl('scale', 'statefulset', 'db', '--replicas=2');
  await cluster.kubectl('wait', '--for=jsonpath={.status.readyReplicas}=2', 'statefulset/db', '--timeout=20s');
  assert.match(await words('db-1'), /^one\n/);
});

test('deleting a claim removes its volume', async () => {
  await cluster.kubectl('delete', 'statefulset', 'db');
  const volume = await cluster.kubectl('get', 'pvc', 'data-db-0', '-o', 'jsonpath={.spec.volumeName}');
  await cluster.kubectl('delete', 'pvc', 'data-db-0');
  await cluster.kubectl('wait', '--for=delete', `pv/${volume}`, '--timeout=20s');
});

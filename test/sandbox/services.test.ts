/** Services from inside a pod: names, aliases, addresses, stickiness. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../../sandbox/controllers/fake-kubelet.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
const sh = (script: string): Promise<string> => cluster.kubectl('exec', 'client', '--', 'sh', '-c', script);
/** Each pod of `store` answers with its name. */
const asked = async (host: string, port = 6379): Promise<string> =>
  sh(`redis-cli -h ${host} -p ${port} --raw config get dir | tail -1`);

before(async () => {
  cluster = await startTestCluster('services');
  await cluster.feed(`
apiVersion: v1
kind: Service
metadata: { name: store }
spec: { clusterIP: None, selector: { app: store }, ports: [{ port: 6379 }] }
---
apiVersion: v1
kind: Service
metadata: { name: early }
spec: { clusterIP: None, publishNotReadyAddresses: true, selector: { app: late }, ports: [{ port: 6379 }] }
---
apiVersion: v1
kind: Service
metadata: { name: alias }
spec: { type: ExternalName, externalName: any.default.svc.cluster.local }
---
apiVersion: v1
kind: Service
metadata: { name: any }
spec: { type: NodePort, externalIPs: [192.0.2.7], selector: { app: store }, ports: [{ port: 80, targetPort: client, nodePort: 30100 }] }
---
apiVersion: v1
kind: Service
metadata: { name: sticky }
spec: { sessionAffinity: ClientIP, selector: { app: store }, ports: [{ port: 6379, targetPort: client }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store }
spec:
  serviceName: store
  podManagementPolicy: Parallel
  replicas: 3
  selector: { matchLabels: { app: store } }
  template:
    metadata: { labels: { app: store } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: c
          image: redis
          command: [sh, -c, 'mkdir -p /tmp/$HOSTNAME && exec redis-server --protected-mode no --dir /tmp/$HOSTNAME']
          ports: [{ name: client, containerPort: 6379 }]
          readinessProbe: { tcpSocket: { port: client }, periodSeconds: 1 }
---
apiVersion: v1
kind: Pod
metadata: { name: late, labels: { app: late } }
spec:
  hostname: one
  subdomain: early
  terminationGracePeriodSeconds: 0
  containers: [{ name: c, image: redis, readinessProbe: { exec: { command: ['false'] } } }]
---
apiVersion: v1
kind: Pod
metadata: { name: client }
spec: { terminationGracePeriodSeconds: 0, containers: [{ name: c, image: busybox, command: [sleep, infinity] }] }
`);
  await cluster.kubectl(
    'wait',
    '--for=condition=Ready',
    'pod/client',
    'pod/store-0',
    'pod/store-1',
    'pod/store-2',
    '--timeout=30s',
  );
});
after(() => cluster?.stop());

test('each pod of a StatefulSet has its name', async () => {
  for (const pod of ['store-0', 'store-2']) assert.equal(await asked(`${pod}.store`), `/tmp/${pod}`);
});

test('a pod that is not ready has a DNS name if the Service publishes it', async () => {
  await eventually('a name', async () => (await sh('redis-cli -h one.early ping || true')) === 'PONG');
});

test('an alias, an external address and a node port lead to the pods', async () => {
  assert.match(await asked('alias', 80), /^\/tmp\/store-\d$/);
  assert.match(await asked('192.0.2.7', 80), /^\/tmp\/store-\d$/);
  assert.match(await asked('10.0.128.11', 30_100), /^\/tmp\/store-\d$/);
});

test('a client of a sticky Service stays with its pod, while other Services spread its requests', async () => {
  const ask = (host: string, port: number): string =>
    `for i in $(seq 24); do redis-cli -h ${host} -p ${port} --raw config get dir | tail -1; done | sort -u`;
  assert.equal((await sh(ask('sticky', 6379))).split('\n').length, 1);
  assert.equal((await sh(ask('any', 80))).split('\n').length, 3);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../../sandbox/controllers/fake-kubelet.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
const ping = (store: string): Promise<string> =>
  cluster.kubectl('exec', 'client', '--', 'timeout', '1', 'redis-cli', '-h', store, 'ping').catch(droppedOrWhy);
const lookUp = (host: string): Promise<string> =>
  cluster.kubectl('exec', 'client', '--', 'timeout', '1', 'getent', 'hosts', host).catch(droppedOrWhy);
/** `timeout` exits with 124 if nothing answers; other failures are passed on. */
const droppedOrWhy = (error: Error): string => (/exit code 124:/.test(error.message) ? 'dropped' : error.message);
const store = (name: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec: { terminationGracePeriodSeconds: 0, containers: [{ name: c, image: redis, ports: [{ name: client, containerPort: 6379 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 6379 }] }
---`;
const policy = (egress: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: out }
spec: { podSelector: { matchLabels: { app: client } }, policyTypes: [Egress], egress: ${egress} }
`;
const DNS = '{ ports: [{ port: 53, protocol: UDP }] }';

before(async () => {
  cluster = await startTestCluster('egress');
  await cluster.feed(`${store('near')}${store('far')}
apiVersion: v1
kind: Pod
metadata: { name: client, labels: { app: client } }
spec: { terminationGracePeriodSeconds: 0, containers: [{ name: c, image: busybox, command: [sleep, infinity] }] }
`);
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod', '--all', '--timeout=20s');
  await eventually('an open way', async () => (await ping('near')) === 'PONG' && (await ping('far')) === 'PONG');
});
after(() => cluster?.stop());

test('a pod without egress reaches nothing, not even DNS', async () => {
  const address = await cluster.kubectl('get', 'pod', 'near', '-o', 'jsonpath={.status.podIP}');
  await cluster.feed(policy('[]'));
  await eventually('a closed way', async () => (await ping(address)) === 'dropped');
  assert.equal(await lookUp('near'), 'dropped');
  // The policy applies only to the client: another pod still reaches `near`.
  assert.equal(await cluster.kubectl('exec', 'far', '--', 'redis-cli', '-h', address, 'ping'), 'PONG');
});

test('rules allow egress to pods by label and port name, and to DNS', async () => {
  await cluster.feed(
    policy(`[${DNS}, { to: [{ podSelector: { matchLabels: { app: near } } }], ports: [{ port: client }] }]`),
  );
  await eventually('a way to the near one', async () => (await ping('near')) === 'PONG');
  const far = await cluster.kubectl('get', 'pod', 'far', '-o', 'jsonpath={.status.podIP}');
  assert.match(await lookUp('far'), /far/);
  assert.equal(await ping(far), 'dropped');
});

test('address blocks can have exceptions, and ports can be ranges', async () => {
  const address = await cluster.kubectl('get', 'pod', 'near', '-o', 'jsonpath={.status.podIP}');
  const block = `ipBlock: { cidr: 10.128.0.0/14, except: [${address}/32] }`;
  await cluster.feed(policy(`[${DNS}, { to: [{ ${block} }], ports: [{ port: 6000, endPort: 7000 }] }]`));
  await eventually('a way to the far one', async () => (await ping('far')) === 'PONG');
  assert.equal(await ping('near'), 'dropped');
  await cluster.kubectl('delete', 'networkpolicy', 'out');
  await eventually('an open way', async () => (await ping('near')) === 'PONG');
});

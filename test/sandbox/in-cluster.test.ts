/** Programs in pods reach the API server as client libraries do: with the mounted token and authority, and the environment. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
const SECRETS = '/var/run/secrets/kubernetes.io/serviceaccount';
const inPod = (pod: string, script: string): Promise<string> =>
  cluster.kubectl('exec', '-n', 'inside', pod, '--', 'sh', '-c', script);
const ask = (path: string): string =>
  `curl -s --cacert ${SECRETS}/ca.crt -H "Authorization: Bearer $(cat ${SECRETS}/token)" https://kubernetes.default.svc${path}`;

before(async () => {
  cluster = await startTestCluster('in-cluster');
  await cluster.kubectl('create', 'namespace', 'inside');
  await cluster.feed(`
apiVersion: v1
kind: ServiceAccount
metadata: { name: reader, namespace: inside }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reader, namespace: inside }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: reader, namespace: inside }]
---
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: inside }
spec:
  serviceAccountName: reader
  terminationGracePeriodSeconds: 0
  enableServiceLinks: false
  containers: [{ name: c, image: busybox, command: [sleep, infinity] }]
---
apiVersion: v1
kind: Pod
metadata: { name: bare, namespace: inside }
spec:
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 0
  volumes: [{ name: own, emptyDir: {} }]
  containers:
    - { name: c, image: busybox, command: [sleep, infinity], volumeMounts: [{ name: own, mountPath: /data/own }] }
---
apiVersion: v1
kind: Pod
metadata: { name: mounted, namespace: inside }
spec:
  terminationGracePeriodSeconds: 0
  volumes: [{ name: own, emptyDir: {} }]
  containers:
    - { name: c, image: busybox, command: [sleep, infinity], volumeMounts: [{ name: own, mountPath: /data/own }] }
`);
  await cluster.kubectl('wait', '-n', 'inside', '--for=condition=Ready', 'pod', '--all', '--timeout=20s');
});
after(() => cluster?.stop());

test('a pod has the token of its account, the authority and its namespace', async () => {
  assert.equal(await inPod('client', `ls ${SECRETS}`), 'ca.crt\nnamespace\ntoken');
  assert.equal(await inPod('client', `cat ${SECRETS}/namespace`), 'inside');
  const authority = await cluster.kubectl(
    'get',
    'configmap',
    'kube-root-ca.crt',
    '-n',
    'inside',
    '-o',
    'jsonpath={.data.ca\\.crt}',
  );
  assert.equal(await inPod('client', `cat ${SECRETS}/ca.crt`), authority);
  assert.match(await inPod('mounted', `ls ${SECRETS} /data`), /own[\s\S]*token/);
});

test('the API server is reached by name and verified, with the rights of the account', async () => {
  assert.match(await inPod('client', ask('/api/v1/namespaces/inside/pods')), /"kind": ?"PodList"/);
  assert.match(
    await inPod('client', ask('/api/v1/nodes')),
    /User \\"system:serviceaccount:inside:reader\\" cannot list resource \\"nodes\\"/,
  );
  const address = await inPod('client', 'echo $KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT');
  assert.equal(address, '172.30.0.1:443');
  assert.match(await inPod('client', `curl -s --cacert ${SECRETS}/ca.crt https://${address}/version`), /gitVersion/);
});

test('kubectl finds its cluster by itself in a pod', async () => {
  assert.match(await inPod('client', 'kubectl get pod client -o name'), /^pod\/client$/);
});

test('a pod that opts out gets no token', async () => {
  assert.equal(await inPod('bare', `ls ${SECRETS} 2>/dev/null; ls /data; true`), 'own');
});

test('a pod with a missing service account is refused', async () => {
  await assert.rejects(
    cluster.kubectl(
      'run',
      'x',
      '-n',
      'inside',
      '--image=busybox',
      '--overrides={"spec":{"serviceAccountName":"nobody"}}',
    ),
    /pods "x" is forbidden: error looking up service account inside\/nobody: serviceaccount "nobody" not found/,
  );
});

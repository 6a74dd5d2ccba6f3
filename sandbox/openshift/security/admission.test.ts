import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApiServer } from '../../api/index.ts';
import type { ApiServer } from '../../api/types.ts';
import { Client } from '../../client/client.ts';
import { CRDS, NAMESPACES } from '../../client/kinds.ts';
import { createRoles } from '../roles.ts';
import { readCrds } from '../schemas.ts';
import { namespaceRules, POD_RULES } from './admission.ts';

let api: ApiServer;
const PODS = '/api/v1/namespaces/shop/pods';

before(async () => {
  const internal = { host: '127.0.0.1', port: 0 };
  api = await startApiServer({ internal, tokens: new Map(), serviceCidr: '172.30.0.0/16' });
  api.extendKind('', 'namespaces', namespaceRules());
  api.extendKind('', 'pods', POD_RULES);
  const client = new Client(api.url);
  for (const crd of await readCrds('openshift.yaml')) await client.create(CRDS, crd);
  await createRoles(client, '4.16.20');
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
});
after(() => api.stop());

async function create(name: string, securityContext: object, spec: object = {}, headers: Record<string, string> = {}) {
  const containers = [{ name: 'main', image: 'busybox', securityContext }];
  const body = JSON.stringify({ metadata: { name }, spec: { containers, ...spec } });
  const response = await fetch(`${api.url}${PODS}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const answer: ReturnType<typeof JSON.parse> = await response.json();
  return answer;
}

test('a pod that asks for nothing special is let in as restricted', async () => {
  const pod = await create('plain', {});
  assert.equal(pod.metadata.annotations['openshift.io/scc'], 'restricted-v2');
});

test('a pod that leaves them open gets a user, a group of files, a level and rights', async () => {
  const { metadata } = await new Client(api.url).get(NAMESPACES, 'shop');
  const own = metadata.annotations ?? {};
  const first = Number(own['openshift.io/sa.scc.uid-range']?.split('/')[0]);
  const pod = await create('written', {}, { initContainers: [{ name: 'before', image: 'busybox' }] });
  assert.deepEqual(pod.spec.securityContext, {
    fsGroup: first,
    seLinuxOptions: { level: own['openshift.io/sa.scc.mcs'] },
    seccompProfile: { type: 'RuntimeDefault' },
  });
  for (const container of [...pod.spec.containers, ...pod.spec.initContainers])
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      runAsUser: first,
    });
  assert.equal(pod.metadata.annotations['seccomp.security.alpha.kubernetes.io/pod'], 'runtime/default');
});

test('what a pod says itself is kept, if the constraint allows it', async () => {
  const context = { capabilities: { add: ['NET_BIND_SERVICE'], drop: ['CHOWN'] }, readOnlyRootFilesystem: true };
  const { metadata } = await new Client(api.url).get(NAMESPACES, 'shop');
  const user = Number(metadata.annotations?.['openshift.io/sa.scc.uid-range']?.split('/')[0]) + 3;
  const { spec } = await create('kept', context, { securityContext: { runAsUser: user, supplementalGroups: [7] } });
  assert.deepEqual(spec.containers[0].securityContext, {
    allowPrivilegeEscalation: false,
    capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL', 'CHOWN'] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
  });
  assert.deepEqual(
    [spec.securityContext.runAsUser, spec.securityContext.supplementalGroups, 'fsGroup' in spec.securityContext],
    [user, [7], true],
  );
  for (const [securityContext, message] of [
    [
      { fsGroup: 5 },
      /provider restricted-v2: \.spec\.securityContext\.fsGroup: Invalid value: \[\]int64\{5\}: 5 is not an/,
    ],
    [{ seLinuxOptions: { level: 's0:c1,c2' } }, /seLinuxOptions\.level: Invalid value: "s0:c1,c2": must be s0:c/],
    [
      { seccompProfile: { type: 'Unconfined' } },
      /Forbidden: unconfined is not an allowed seccomp profile\. Valid values/,
    ],
  ] as const)
    assert.match((await create('wrong', {}, { securityContext })).message, message);
});

test('root, another user, a privileged container and a path of the host are refused in the words of OpenShift', async () => {
  const root = await create('root', { runAsUser: 0 });
  assert.equal(root.code, 403);
  assert.match(
    root.message,
    /^pods "root" is forbidden: unable to validate against any security context constraint: \[provider "anyuid": Forbidden: not usable by user or serviceaccount, provider restricted-v2: \.containers\[0\]\.runAsUser: Invalid value: 0: must be in the ranges: \[\d+, \d+\], provider "restricted": Forbidden/,
  );
  assert.match((await create('p', { privileged: true })).message, /Privileged containers are not allowed/);
  const volumes = [{ name: 'v', hostPath: { path: '/' } }];
  assert.match((await create('v', {}, { volumes })).message, /hostPath volumes are not allowed to be used/);
  assert.match((await create('n', {}, { hostNetwork: true })).message, /Host network is not allowed to be used/);
});

test('a user of the range of the namespace may be asked for', async () => {
  const client = new Client(api.url);
  const { metadata } = await client.get(NAMESPACES, 'shop');
  const [first] = (metadata.annotations?.['openshift.io/sa.scc.uid-range'] ?? '').split('/');
  const pod = await create('ranged', { runAsUser: Number(first) + 7 });
  assert.equal(pod.metadata.annotations['openshift.io/scc'], 'restricted-v2');
});

test('an account that may use anyuid runs as root; so does a pod that an administrator makes', async () => {
  const binding = {
    metadata: { name: 'anyuid' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:openshift:scc:anyuid' },
    subjects: [{ kind: 'ServiceAccount', name: 'rooted', namespace: 'shop' }],
  };
  const post = (path: string, body: object) =>
    fetch(api.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await post('/api/v1/namespaces/shop/serviceaccounts', { metadata: { name: 'rooted' } });
  await post('/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings', binding);
  const pod = await create('by-account', { runAsUser: 0 }, { serviceAccountName: 'rooted' });
  assert.equal(pod.metadata.annotations['openshift.io/scc'], 'anyuid');
  const admin = { 'impersonate-user': 'admin', 'impersonate-group': 'system:masters' };
  const own = await create('by-admin', { runAsUser: 0 }, {}, admin);
  assert.equal(own.metadata.annotations['openshift.io/scc'], 'anyuid');
});

test('oc debug node and oc adm must-gather are refused with the reason, not left waiting for a pod', async () => {
  const annotations = { 'debug.openshift.io/source-resource': '/v1, Resource=nodes/worker-0' };
  const post = async (path: string, metadata: object): Promise<{ code: number; message: string }> => {
    const body = JSON.stringify({ metadata, spec: { containers: [{ name: 'container-00', image: 'tools' }] } });
    const headers = { 'content-type': 'application/json' };
    const answer: ReturnType<typeof JSON.parse> = await (
      await fetch(api.url + path, { method: 'POST', headers, body })
    ).json();
    return answer;
  };
  const debugged = await post('/api/v1/namespaces/default/pods', { name: 'worker-0-debug', annotations });
  assert.deepEqual([debugged.code, /there is no machine to debug/.test(debugged.message)], [403, true]);
  const gathered = await post('/api/v1/namespaces', { generateName: 'openshift-must-gather-' });
  assert.match(
    gathered.message,
    /^namespaces "openshift-must-gather-" is forbidden: the sandbox has no must-gather image/,
  );
});

/** A user without administrator rights, with the real kubectl. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { kubectlFlags } from '../support/kubectl.ts';

let sandbox: Sandbox;
before(async () => {
  sandbox = await startSandbox({ name: 'developer', images: [] });
});
after(() => sandbox?.stop());

async function as(kubeconfig: string, line: string, input = ''): Promise<{ exit: number | undefined; out: string }> {
  const options = { reject: false, all: true, input } as const;
  const { exitCode, all } = await execa('kubectl', [...kubectlFlags(kubeconfig), ...line.split(' ')], options);
  return { exit: exitCode, out: all.trim() };
}
const developer = (line: string, input?: string) => as(sandbox.developer.kubeconfig, line, input);
const admin = (line: string, input?: string) => as(sandbox.kubeconfig, line, input);

test('a developer gets Kubernetes’ own messages for forbidden requests', async () => {
  assert.equal(
    (await developer('get nodes')).out,
    'Error from server (Forbidden): nodes is forbidden: User "developer" cannot list resource "nodes" in API group "" at the cluster scope',
  );
  assert.equal(
    (await developer('get deployment web -n default')).out,
    'Error from server (Forbidden): deployments.apps "web" is forbidden: User "developer" cannot get resource "deployments" in API group "apps" in the namespace "default"',
  );
  assert.deepEqual(await developer('auth can-i list pods -n default'), { exit: 1, out: 'no' });
  assert.deepEqual(await admin('auth can-i list pods -n default'), { exit: 0, out: 'yes' });
  assert.deepEqual(await admin('auth can-i list pods -n default --as=developer'), { exit: 1, out: 'no' });
});

test('a user who requests a project administers it, and sees no other', async () => {
  const request = { apiVersion: 'project.openshift.io/v1', kind: 'ProjectRequest', metadata: { name: 'mine' } };
  const path = '/apis/project.openshift.io/v1/projectrequests';
  const made = await developer(`create --raw ${path} -f -`, JSON.stringify(request));
  assert.equal(made.exit, 0, made.out);
  assert.equal((await developer('get projects -o name')).out, 'project.project.openshift.io/mine');
  assert.match((await admin('get projects -o name')).out, /default\n[\s\S]*mine/);
  assert.equal((await developer('create deployment web --image=redis:6 -n mine')).out, 'deployment.apps/web created');
  const ready = await developer('wait deployment/web -n mine --for=condition=Available --timeout=60s');
  assert.equal(ready.exit, 0, ready.out);
  assert.match((await developer('exec -n mine deploy/web -- echo within')).out, /within/);
  assert.match((await developer('create configmap c -n kube-system')).out, /cannot create resource "configmaps"/);
});

test('a project’s administrator manages its traffic, and can join a mesh that they may use', async () => {
  const subscription = {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'Subscription',
    metadata: { name: 'servicemeshoperator', namespace: 'openshift-operators' },
    spec: {
      name: 'servicemeshoperator',
      channel: 'stable',
      source: 'redhat-operators',
      sourceNamespace: 'openshift-marketplace',
    },
  };
  const subscribed = await admin('apply -f -', JSON.stringify(subscription));
  assert.equal(subscribed.exit, 0, subscribed.out);
  const waited = await admin('wait clusterrole/istio-admin --for=create --timeout=60s');
  assert.equal(waited.exit, 0, waited.out);
  assert.deepEqual(await developer('auth can-i create virtualservices.networking.istio.io -n mine'), {
    exit: 0,
    out: 'yes',
  });
  assert.deepEqual(await developer('auth can-i create servicemeshmembers.maistra.io -n mine'), { exit: 0, out: 'yes' });
  assert.deepEqual(await developer('auth can-i create virtualservices.networking.istio.io -n default'), {
    exit: 1,
    out: 'no',
  });
  const rule = {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: { name: 'web', namespace: 'mine' },
    spec: { hosts: ['web'], http: [{ route: [{ destination: { host: 'web' } }] }] },
  };
  assert.equal(
    (await developer('apply -f -', JSON.stringify(rule))).out,
    'virtualservice.networking.istio.io/web created',
  );
  const member = {
    apiVersion: 'maistra.io/v1',
    kind: 'ServiceMeshMember',
    metadata: { name: 'default', namespace: 'mine' },
    spec: { controlPlaneRef: { name: 'basic', namespace: 'mesh' } },
  };
  assert.match(
    (await developer('apply -f -', JSON.stringify(member))).out,
    /user 'developer' does not have permission to use ServiceMeshControlPlane mesh\/basic/,
  );
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'mesh-user', namespace: 'mesh' },
    rules: [
      { apiGroups: ['maistra.io'], resources: ['servicemeshcontrolplanes'], resourceNames: ['basic'], verbs: ['use'] },
    ],
  };
  await admin('create namespace mesh');
  await admin('apply -f -', JSON.stringify(role));
  const bound = await admin('create rolebinding mesh-users -n mesh --role=mesh-user --user=developer');
  assert.equal(bound.exit, 0, bound.out);
  assert.equal(
    (await developer('apply -f -', JSON.stringify(member))).out,
    'servicemeshmember.maistra.io/default created',
  );
});

test('nobody can grant rights that they do not have', async () => {
  const { out } = await developer('create rolebinding more -n mine --clusterrole=cluster-admin --user=developer');
  assert.match(
    out,
    /is forbidden: user "developer" \(groups=\[.*\]\) is attempting to grant RBAC permissions not currently held/,
  );
  const given = await developer('create rolebinding see -n mine --clusterrole=view --user=guest');
  assert.equal(given.out, 'rolebinding.rbac.authorization.k8s.io/see created');
  assert.deepEqual(await admin('auth can-i list pods -n mine --as=guest'), { exit: 0, out: 'yes' });
  assert.deepEqual(await admin('auth can-i delete pods -n mine --as=guest'), { exit: 1, out: 'no' });
  assert.match((await developer('get pods --as=admin')).out, /cannot impersonate resource "users"/);
});

test('a service account has the rights that its bindings grant', async () => {
  await developer('create serviceaccount robot -n mine');
  const token = (await developer('create token robot -n mine')).out;
  const robot = (line: string) => as(sandbox.developer.kubeconfig, `${line} --token=${token}`);
  assert.match(
    (await robot('get pods -n mine')).out,
    /User "system:serviceaccount:mine:robot" cannot list resource "pods"/,
  );
  await developer('create rolebinding robot -n mine --clusterrole=view --serviceaccount=mine:robot');
  assert.match((await robot('get pods -n mine')).out, /web-/);
});

test('without a token only public paths are answered, and with a wrong one nothing', async () => {
  const { certificateAuthority, directory, server } = sandbox;
  const authority = join(directory, 'authority.crt');
  writeFileSync(authority, certificateAuthority);
  const ask = async (path: string, ...headers: string[]) => {
    const args = ['-s', '--cacert', authority, ...headers.flatMap((one) => ['-H', one]), server + path];
    return (await execa('curl', args)).stdout;
  };
  assert.match(await ask('/version'), /gitVersion/);
  assert.match(await ask('/api/v1/pods'), /pods is forbidden: User \\"system:anonymous\\" cannot list resource/);
  assert.match(await ask('/api/v1/pods', 'Authorization: Bearer wrong'), /"code": ?401/);
});

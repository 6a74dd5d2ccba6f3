/** A user with a client certificate: request, approval and login, as in Kubernetes' documentation. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
let directory: string;

before(async () => {
  cluster = await startTestCluster('certificates');
  directory = await mkdtemp(join(tmpdir(), 'lw-csr-'));
});
after(async () => {
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** @returns the manifest of a certificate request for a new key. */
async function request(name: string, subject: string, spec: string): Promise<string> {
  const [key, csr] = [join(directory, `${name}.key`), join(directory, `${name}.csr`)];
  await execa('openssl', [
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    key,
    '-out',
    csr,
    '-subj',
    subject,
  ]);
  return `
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: { name: ${name} }
spec: { request: ${(await readFile(csr)).toString('base64')}, ${spec} }
`;
}

const CLIENT = 'signerName: kubernetes.io/kube-apiserver-client, expirationSeconds: 86400, usages: [client auth]';

test('an approved request gets a certificate, with which its owner logs in under the name in it', async () => {
  await cluster.feed(await request('jane', '/O=growers/CN=jane', CLIENT));
  const columns = async (): Promise<string[]> =>
    (await cluster.kubectl('get', 'csr', 'jane', '--no-headers')).split(/\s+/).slice(2);
  assert.deepEqual(await columns(), ['kubernetes.io/kube-apiserver-client', 'admin', '24h', 'Pending']);
  assert.match(await cluster.kubectl('certificate', 'approve', 'jane'), /jane approved/);
  assert.deepEqual((await columns()).at(-1), 'Approved,Issued');
  const cert = await cluster.kubectl('get', 'csr', 'jane', '-o', 'jsonpath={.status.certificate}');
  const file = join(directory, 'jane.crt');
  await writeFile(file, Buffer.from(cert, 'base64'));
  const { stdout } = await execa('openssl', ['x509', '-in', file, '-noout', '-subject', '-purpose']);
  assert.match(stdout, /O ?= ?growers, CN ?= ?jane[\s\S]*SSL client : Yes\nSSL client CA : No\nSSL server : No/);
  const config = join(directory, 'config');
  await writeFile(config, await readFile(cluster.sandbox.kubeconfig));
  const kubectl = (...args: string[]) => execa('kubectl', ['--kubeconfig', config, ...args], { reject: false });
  await kubectl(
    'config',
    'set-credentials',
    'jane',
    `--client-certificate=${file}`,
    `--client-key=${join(directory, 'jane.key')}`,
  );
  await kubectl('config', 'set-context', '--current', '--user=jane');
  const before = await kubectl('get', 'configmaps', '-n', 'default');
  assert.match(before.stderr, /User "jane" cannot list resource "configmaps"/);
  await cluster.kubectl(...'create rolebinding growers -n default --clusterrole=view --group=growers'.split(' '));
  const allowed = await kubectl('get', 'configmaps', '-n', 'default');
  assert.match(allowed.stdout, /kube-root-ca\.crt/);
});

test('a denied request, and one whose usages the signer does not sign, get none', async () => {
  await cluster.feed(await request('john', '/CN=john', CLIENT));
  await cluster.kubectl('certificate', 'deny', 'john');
  assert.match(await cluster.kubectl('get', 'csr', 'john', '--no-headers'), /Denied$/);
  await cluster.feed(await request('wrong', '/CN=wrong', CLIENT.replace('client auth', 'server auth')));
  await cluster.kubectl('certificate', 'approve', 'wrong');
  assert.match(await cluster.kubectl('get', 'csr', 'wrong', '--no-headers'), /Approved,Failed$/);
});

test('an invalid request is refused with the reason', async () => {
  const right = await request('right', '/CN=right', CLIENT);
  for (const [wrong, why] of [
    [right.replace('usages: [client auth]', 'usages: []'), /spec\.usages: Required value/],
    [right.replace('client auth', 'client'), /spec\.usages\[0\]: Unsupported value: "client": supported values: "any"/],
    [
      right.replace('86400', '60'),
      /spec\.expirationSeconds: Invalid value: 60: may not specify a duration less than 600/,
    ],
    [right.replace(/request: \S+,/, 'request: bm8=,'), /PEM block type must be CERTIFICATE REQUEST/],
    [
      right.replace('kubernetes.io/kube-apiserver-client', 'kubernetes.io/legacy-unknown'),
      /legacy signerName is not allowed/,
    ],
  ] as const)
    await assert.rejects(cluster.feed(wrong), why);
});

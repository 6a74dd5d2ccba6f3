/**
 * Runs on somebody else's cluster: a sandbox that another process started, known only by its kubeconfig and the proxy to
 * its Routes.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { kubectlFlags } from '../support/kubectl.ts';
import { CLI, Elsewhere, ERRAND, LAB, until } from './cluster.ts';

let cluster: Elsewhere;
before(async () => {
  cluster = await Elsewhere.start('elsewhere');
});
after(() => cluster?.[Symbol.asyncDispose]());

test('both browsers play on one cluster, and leave it as it was', async () => {
  const was = await cluster.inventory();
  const { exitCode, all } = await cluster.certify(LAB);
  assert.equal(exitCode, 0, all);
  for (const section of ['1 +The ovens', '2 +The counter', '3 +The lock'])
    assert.match(all, new RegExp(`${section} +.*passed.*passed`));
  assert.match(all, /Certified\. All \d+ exercises passed in Firefox and Chromium/);
  assert.deepEqual(await cluster.inventory(), was);
  const certificate = readFileSync(join(cluster.reports, 'certificate.html'), 'utf8');
  assert.doesNotMatch(certificate, /<strong>Sandbox<\/strong>/);
  const { server } = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')).clusters[0].cluster;
  assert.ok(certificate.includes(server), 'the certificate names the cluster itself');
});

test('an object of somebody else stops the run before anything is played, and --json reports the same', async () => {
  await cluster.kubectl('create', 'namespace', 'bakehouse');
  const was = await cluster.inventory();
  const { exitCode, all } = await cluster.certify(LAB, '--browser', 'chromium');
  assert.equal(exitCode, 3, all);
  assert.match(
    all,
    /The project bakehouse exists already[\s\S]*oc delete project bakehouse, or --adopt[\s\S]*LW-CLUSTER-NOT-FIT/,
  );
  const options = ['doctor', '--kubeconfig', cluster.kubeconfig, '--proxy', cluster.proxy, '--lab', LAB, '--json'];
  const doctor = await execa(process.execPath, [CLI, ...options], { reject: false });
  assert.equal(doctor.exitCode, 3);
  const { findings } = JSON.parse(doctor.stdout) as { findings: { id: string; level: string }[] };
  assert.deepEqual(
    findings.filter(({ level }) => level === 'problem').map(({ id }) => id),
    ['project-bakehouse'],
  );
  assert.deepEqual(await cluster.inventory(), was);
  await cluster.kubectl('delete', 'namespace', 'bakehouse');
});

test('a kubeconfig or context that can’t be used is a usage error', async () => {
  const none = await execa(process.execPath, [CLI, 'certify', LAB, '--kubeconfig', join(cluster.directory, 'none')], {
    reject: false,
  });
  assert.deepEqual([none.exitCode, /LW-NO-KUBECONFIG/.test(none.stderr)], [2, true]);
  const context = await cluster.certify(LAB, '--context', 'nobody');
  assert.deepEqual([context.exitCode, /LW-KUBECONFIG/.test(context.all)], [2, true], context.all);
});

test('a user without permissions is told everything that is missing, with the lines that need it, before anything is played', async (t) => {
  await cluster.kubectl('create', 'serviceaccount', 'visitor', '-n', 'default');
  const { stdout: token } = await cluster.kubectl('create', 'token', 'visitor', '-n', 'default');
  const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as { users: { user: object }[] };
  for (const entry of config.users) entry.user = { token };
  const file = join(cluster.directory, 'visitor');
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const may = await execa('kubectl', [...kubectlFlags(file), 'auth', 'can-i', 'create', 'leases'], { reject: false });
  if (may.stdout === 'yes') return t.skip('this sandbox gives everybody every right');
  const { exitCode, all } = await cluster.certify(LAB, '--kubeconfig', file);
  await cluster.kubectl('delete', 'serviceaccount', 'visitor', '-n', 'default');
  assert.equal(exitCode, 3, all);
  assert.match(all, /This user may not:[\s\S]*create, get, watch, delete subscriptions[^\n]*01-ovens.yaml:\d+/);
  assert.match(all, /create projectrequests[\s\S]*oc adm policy add-cluster-role-to-user/);
  for (const entry of config.users) entry.user = { token: 'sha256~nobodys' };
  writeFileSync(file, JSON.stringify(config));
  const stranger = await cluster.certify(LAB, '--kubeconfig', file);
  assert.equal(stranger.exitCode, 3, stranger.all);
  assert.match(stranger.all, /refuses the token[\s\S]*oc login/);
});

test('if two runs race for the cluster, one plays and the other is told who holds it', async () => {
  const was = await cluster.inventory();
  const runs = ['one', 'two'].map((name) =>
    cluster.certify(ERRAND, '--browser', 'chromium', '--reports', join(cluster.directory, name)),
  );
  const held = await Promise.race(runs);
  assert.equal(held.exitCode, 3, held.all);
  assert.match(held.all, /LW-CLUSTER-HELD|Another run plays on this cluster/);
  await cluster.kubectl('create', 'configmap', 'go', '-n', 'default', '--from-literal=word=go');
  const ended = await Promise.all(runs);
  await cluster.kubectl('delete', 'configmap', 'go', '-n', 'default');
  assert.deepEqual(ended.map(({ exitCode }) => exitCode).sort(), [0, 3], ended.map(({ all }) => all).join('\n---\n'));
  assert.deepEqual(await cluster.inventory(), was);
});

test('a terminal that is closed during a run: what the run created is removed, and the certificate says so', async () => {
  const was = await cluster.inventory();
  const run = cluster.certify(ERRAND, '--browser', 'chromium');
  await until(run, /✓ Chromium {2}1/);
  process.kill(-(run.pid ?? assert.fail('it has no process')), 'SIGHUP');
  const { exitCode, all } = await run;
  assert.equal(exitCode, 130, all);
  assert.deepEqual(await cluster.inventory(), was);
  assert.equal(JSON.parse(readFileSync(join(cluster.reports, 'verdict.json'), 'utf8')).kind, 'interrupted');
  assert.match(readFileSync(join(cluster.reports, 'certificate.html'), 'utf8'), /Interrupted in section 1/);
});

/**
 * Runs on somebody else's cluster: a sandbox that another process started, known only by its kubeconfig and the proxy to
 * its Routes.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { kubectlFlags } from '../support/kubectl.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CLI = join(ROOT, 'cli', 'labwright.js');
/** A mesh whose app differs from the certified lab's in names, ports, labels, weights and rules. */
const LAB = join(import.meta.dirname, 'another-app', 'lab');
/** Lasts as long as the test wants: its last step waits for a ConfigMap. */
const ERRAND = join(import.meta.dirname, 'errand', 'lab');
const directory = mkdtempSync(join(tmpdir(), 'lw-elsewhere-'));
const reports = join(directory, 'reports');

interface Elsewhere {
  readonly child: ChildProcess;
  readonly kubeconfig: string;
  readonly proxy: string;
}

let cluster: Elsewhere;

async function start(name: string): Promise<Elsewhere> {
  const args = [CLI, 'sandbox', 'up', '--name', name, '--lab', LAB, '--json'];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { kubeconfig, proxy } = JSON.parse(line) as { kubeconfig: string; proxy: string };
  return { child, kubeconfig, proxy };
}

function kubectl(...args: string[]) {
  return execa('kubectl', [...kubectlFlags(cluster.kubeconfig), ...args], { reject: false, all: true });
}

function certify(lab: string, ...args: string[]) {
  const { kubeconfig, proxy } = cluster;
  const command = [CLI, 'certify', lab, '--kubeconfig', kubeconfig, '--proxy', proxy, '--reports', reports, ...args];
  return execa(process.execPath, command, { cwd: ROOT, reject: false, all: true, env: { NO_COLOR: '1' } });
}

/** The objects that a run must leave unchanged: all except those that the cluster itself renews. */
async function inventory(): Promise<string[]> {
  const { stdout } = await kubectl('api-resources', '--verbs=list', '-o', 'name');
  const kinds = stdout
    .split('\n')
    .filter((kind) => kind !== '' && !/^(events|leases|packagemanifests|projects)\b/.test(kind));
  const { stdout: all } = await kubectl('get', kinds.join(','), '-A', '--ignore-not-found', '-o', 'json');
  const { items } = JSON.parse(all) as { items: { kind: string; metadata: { namespace?: string; name: string } }[] };
  return items.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`).sort();
}

before(async () => {
  cluster = await start('elsewhere');
});

after(async () => {
  cluster.child.kill('SIGTERM');
  await once(cluster.child, 'exit');
  rmSync(directory, { recursive: true, force: true });
});

test('both browsers play on one cluster, and leave it as it was', async () => {
  const was = await inventory();
  const { exitCode, all } = await certify(LAB);
  assert.equal(exitCode, 0, all);
  for (const section of ['1 +The ovens', '2 +The counter', '3 +The lock'])
    assert.match(all, new RegExp(`${section} +.*passed.*passed`));
  assert.match(all, /Certified\. All \d+ exercises passed in Firefox and Chromium/);
  assert.deepEqual(await inventory(), was);
  const certificate = readFileSync(join(reports, 'certificate.html'), 'utf8');
  assert.doesNotMatch(certificate, /<strong>Sandbox<\/strong>/);
  const { server } = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')).clusters[0].cluster;
  assert.ok(certificate.includes(server), 'the certificate names the cluster itself');
});

test('an object of somebody else stops the run before anything is played, and --json reports the same', async () => {
  await kubectl('create', 'namespace', 'bakehouse');
  const was = await inventory();
  const { exitCode, all } = await certify(LAB, '--browser', 'chromium');
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
  assert.deepEqual(await inventory(), was);
  await kubectl('delete', 'namespace', 'bakehouse');
});

test('a kubeconfig or context that can’t be used is a usage error', async () => {
  const none = await execa(process.execPath, [CLI, 'certify', LAB, '--kubeconfig', join(directory, 'none')], {
    reject: false,
  });
  assert.deepEqual([none.exitCode, /LW-NO-KUBECONFIG/.test(none.stderr)], [2, true]);
  const context = await certify(LAB, '--context', 'nobody');
  assert.deepEqual([context.exitCode, /LW-KUBECONFIG/.test(context.all)], [2, true], context.all);
});

test('a user without rights is told all that is missing, with the lines that need it, before anything is played', async (t) => {
  await kubectl('create', 'serviceaccount', 'visitor', '-n', 'default');
  const { stdout: token } = await kubectl('create', 'token', 'visitor', '-n', 'default');
  const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as { users: { user: object }[] };
  for (const entry of config.users) entry.user = { token };
  const file = join(directory, 'visitor');
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const may = await execa('kubectl', [...kubectlFlags(file), 'auth', 'can-i', 'create', 'leases'], { reject: false });
  if (may.stdout === 'yes') return t.skip('this sandbox gives everybody every right');
  const { exitCode, all } = await certify(LAB, '--kubeconfig', file);
  await kubectl('delete', 'serviceaccount', 'visitor', '-n', 'default');
  assert.equal(exitCode, 3, all);
  assert.match(all, /This user may not:[\s\S]*create, get, watch, delete subscriptions[^\n]*01-ovens.yaml:\d+/);
  assert.match(all, /create projectrequests[\s\S]*oc adm policy add-cluster-role-to-user/);
  for (const entry of config.users) entry.user = { token: 'sha256~nobodys' };
  writeFileSync(file, JSON.stringify(config));
  const stranger = await certify(LAB, '--kubeconfig', file);
  assert.equal(stranger.exitCode, 3, stranger.all);
  assert.match(stranger.all, /refuses the token[\s\S]*oc login/);
});

test('if two runs race for the cluster, one plays and the other is told who holds it', async () => {
  const was = await inventory();
  const runs = ['one', 'two'].map((name) =>
    certify(ERRAND, '--browser', 'chromium', '--reports', join(directory, name)),
  );
  const held = await Promise.race(runs);
  assert.equal(held.exitCode, 3, held.all);
  assert.match(held.all, /LW-CLUSTER-HELD|Another run plays on this cluster/);
  await kubectl('create', 'configmap', 'go', '-n', 'default', '--from-literal=word=go');
  const ended = await Promise.all(runs);
  await kubectl('delete', 'configmap', 'go', '-n', 'default');
  assert.deepEqual(ended.map(({ exitCode }) => exitCode).sort(), [0, 3], ended.map(({ all }) => all).join('\n---\n'));
  assert.deepEqual(await inventory(), was);
});

test('ctrl-C during a run removes what the run created', async () => {
  const was = await inventory();
  const run = certify(ERRAND, '--browser', 'chromium');
  await until(run, /✓ Chromium {2}1/);
  run.kill('SIGINT');
  const { exitCode, all } = await run;
  assert.equal(exitCode, 130, all);
  assert.deepEqual(await inventory(), was);
});

test('a cluster that disappears during a run is reported as lost, not as a finding about the lab', async () => {
  const run = certify(LAB, '--browser', 'chromium');
  await until(run, /✓ Chromium {2}1/);
  const gone = once(cluster.child, 'exit');
  cluster.child.kill('SIGKILL');
  await gone;
  const { exitCode, all } = await run;
  cluster = await start('elsewhere');
  assert.equal(exitCode, 4, all);
  assert.match(all, /labwright cleanup/);
});

/** Resolves when the run has printed it. */
function until(run: ReturnType<typeof certify>, words: RegExp): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    run.all.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (words.test(said)) resolve();
    });
    void run.then(() => reject(new Error(`the run ended before:\n${said}`)));
  });
}

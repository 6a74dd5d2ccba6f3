/**
 * Somebody else's cluster whose console asks users to sign in. What is clicked there belongs to the run, and no password is left
 * anywhere.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { publishConsole } from '../../../host/console/publish.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import { kubectlFlags } from '../../support/kubectl.ts';
import { clusterAt, type SmallConsole, startSmallConsole } from './small-console.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'lw-console-cluster-'));
const reports = join(directory, 'reports');
const USER = { name: 'ada', password: 'lovelace-1843-lovelace' };

let cluster: Sandbox;
let console: SmallConsole;
let withdraw: () => Promise<void>;

before(async () => {
  cluster = await startSandbox({ name: 'with-console', images: [] });
  const api = clusterAt(cluster.server, cluster.token, cluster.certificateAuthority);
  console = await startSmallConsole('4.12', api, { user: USER });
  withdraw = await publishConsole(cluster, Number(new URL(console.address).port));
});

after(async () => {
  await withdraw();
  await console.stop();
  await cluster.stop();
  rmSync(directory, { recursive: true, force: true });
});

function certify(env: Readonly<Record<string, string>>, ...more: string[]) {
  const lab = join(import.meta.dirname, 'lab');
  const to = ['--kubeconfig', cluster.kubeconfig, '--proxy', cluster.proxy, '--reports', reports];
  const args = ['certify', lab, '--browser', 'chromium', '--grep', 'Install', '--console', ...to, ...more];
  return execa(process.execPath, [join(ROOT, 'cli', 'labwright.js'), ...args], {
    all: true,
    reject: false,
    cwd: ROOT,
    stdin: 'ignore',
    env: { NO_COLOR: '1', ...env },
  });
}

async function subscriptions(): Promise<string> {
  const { stdout } = await execa('kubectl', [
    ...kubectlFlags(cluster.kubeconfig),
    ...['get', 'subscriptions.operators.coreos.com,clusterserviceversions', '-A', '-o', 'name'],
  ]);
  return stdout;
}

test('an operator is installed by a user who signs in, and is removed with the run', async () => {
  const user = { LABWRIGHT_CONSOLE_USER: USER.name, LABWRIGHT_CONSOLE_PASSWORD: USER.password };
  const { exitCode, all } = await certify({ ...user, LABWRIGHT_CONSOLE_PROVIDER: 'people' });
  assert.equal(exitCode, 0, all);
  const certificate = readFileSync(join(reports, 'certificate.html'), 'utf8');
  assert.match(
    certificate,
    /Clicked in the web console, <code>http:\/\/console-openshift-console[^<]*<\/code>; update channel: radio buttons/,
  );
  assert.equal(await subscriptions(), '', 'what was clicked is gone');
  assert.doesNotMatch(all, new RegExp(USER.password));
  for (const file of readdirSync(reports, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const content = readFileSync(join(file.parentPath, file.name));
    assert.ok(!content.includes(USER.password), `${file.name} holds the password`);
  }
});

test('a user whom the console refuses fails the step with the reason, and nothing is left', async () => {
  const user = { LABWRIGHT_CONSOLE_USER: USER.name, LABWRIGHT_CONSOLE_PASSWORD: 'something-else-than-that' };
  const { exitCode, all } = await certify({ ...user, LABWRIGHT_CONSOLE_PROVIDER: 'people' });
  assert.equal(exitCode, 1, all);
  assert.match(all, /can’t be clicked in the console: the console did not accept the user or the password/);
  assert.doesNotMatch(all, /something-else-than-that/);
  assert.equal(await subscriptions(), '');
});

test('without a user, and without a terminal to ask at, the run is refused', async () => {
  const { exitCode, all } = await certify({});
  assert.equal(exitCode, 2, all);
  assert.match(all, /asks for a user, and none was given[\s\S]*LABWRIGHT_CONSOLE_PASSWORD[\s\S]*\(LW-CONSOLE-USER\)/);
});

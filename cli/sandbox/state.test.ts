import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeEnvironment } from './environment.ts';
import { checkName, readState, readStates, removeState, stateDirectory, writeState } from './state.ts';

const runtime = mkdtempSync(join(tmpdir(), 'labwright-state-'));
before(() => {
  process.env['XDG_RUNTIME_DIR'] = runtime;
});
after(() => rmSync(runtime, { recursive: true }));

const facts = { server: 'https://127.0.0.1:1', kubeconfig: '/nowhere', proxy: 'http://127.0.0.1:2' };

test('a running sandbox is found by its name, and its files are private', () => {
  writeState({ ...facts, name: 'mine', holder: process.pid, sandbox: process.pid });
  assert.equal(readState('mine')?.server, facts.server);
  assert.equal(statSync(stateDirectory()).mode & 0o777, 0o700);
  assert.equal(statSync(join(stateDirectory(), 'mine.json')).mode & 0o777, 0o600);
  removeState('mine');
  assert.equal(readState('mine'), undefined);
});

test('a sandbox whose holder was killed is stale and removed', async () => {
  const holder = spawn('sleep', ['60']);
  writeState({ ...facts, name: 'killed', holder: holder.pid ?? 0, sandbox: process.pid });
  assert.deepEqual(
    readStates().map((state) => state.name),
    ['killed'],
  );
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  assert.deepEqual(readStates(), []);
});

test('a name that can’t be part of a host name is refused', () => {
  for (const name of ['', 'Up', 'a/b', '../x', 'a.b', '-a', 'a'.repeat(40)]) {
    assert.throws(() => checkName(name), { code: 'LW-SANDBOX-NAME' }, name);
  }
  checkName('night-2');
});

test('a shell for a sandbox has its own kubectl cache', () => {
  const file = writeEnvironment('mine', { KUBECONFIG: '/run/one/kubeconfig', A: "it's" });
  const text = readFileSync(file, 'utf8');
  assert.match(text, /^export KUBECACHEDIR='?\/run\/one\/kubectl-cache'?$/m);
  assert.match(text, /^export KUBECONFIG='?\/run\/one\/kubeconfig'?$/m);
});

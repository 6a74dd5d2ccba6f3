/** `run` and `check` in a real shell: each command of a block counts. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BashTerminal } from '../../host/terminal.ts';
import type { Observation } from '../../model/evidence.ts';
import type { ClusterContext } from '../../steps/context.ts';
import { StepFailure } from '../../steps/failure.ts';
import { playOnCluster } from '../../steps/index.ts';
import { loadSection } from '../../steps/load.ts';
import { TestCluster } from '../support/cluster.ts';

const directory = mkdtempSync(join(tmpdir(), 'labwright-commands-'));
const terminal = new BashTerminal({
  directory,
  env: { PATH: process.env['PATH'] ?? '' },
  kubeconfig: join(directory, 'kubeconfig'),
  redact: (text) => text,
});
const cluster = await TestCluster.start();
after(async () => {
  await terminal.stop();
  await cluster[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

/** @param step the step's YAML; its verb is in line 5. */
async function play(step: string): Promise<{ failure: StepFailure | undefined; seen: readonly string[] }> {
  const file = join(directory, '01-one.yaml');
  const lines = step.split('\n').map((line) => `      ${line}`);
  writeFileSync(file, `title: One\nexercises:\n  - title: First\n    steps:\n${lines.join('\n')}\n`);
  const [read] = loadSection(file).exercises[0]?.steps ?? [];
  assert.ok(read);
  const observations: Observation[] = [];
  const context: ClusterContext = {
    ...cluster.context,
    terminal,
    observe: (observation) => observations.push(observation),
  };
  const failure = await playOnCluster(read, context).then(
    () => undefined,
    (error: unknown) => (error instanceof StepFailure ? error : assert.fail(String(error))),
  );
  const seen = observations.flatMap((each) =>
    each.kind === 'command' ? [`${each.command} → ${each.stdout}${each.exit}`] : [],
  );
  return { failure, seen };
}

test('the first command that fails fails the step, with its line and its own output', async () => {
  const { failure, seen } = await play(
    '- run: |\n    echo one\n\n    # the next one fails\n    ls nowhere\n    echo three',
  );
  assert.match(failure?.failure.message ?? '', /^`ls nowhere`, in line 9, ended with exit code 2/);
  assert.deepEqual([failure?.failure.at.line, failure?.failure.at.column], [9, 11]);
  assert.match(failure?.failure.actual ?? '', /nowhere/);
  assert.deepEqual(seen, ['echo one → one\n0', 'ls nowhere → 2']);
});

test('commands see each other’s variables, functions, directories and exit codes', async () => {
  const { failure, seen } = await play(
    '- run: |\n    mkdir -p deep && cd deep\n    X=1; f() {\n      echo $X\n    }\n    f\n    cd ..\n    false\n    echo "it gave $?"\n  expect: [\'1\', it gave 1]',
  );
  assert.equal(failure, undefined);
  assert.deepEqual(seen.slice(3), ['f → 1\n0', 'cd .. → 0', 'false → 1', 'echo "it gave $?" → it gave 1\n0']);
});

test('`exit:` applies to the last command; earlier ones must not fail', async () => {
  assert.equal((await play('- run: |\n    echo a\n    (exit 3)\n  exit: 3')).failure, undefined);
  assert.match((await play('- run: |\n    (exit 3)\n    (exit 3)\n  exit: 3')).failure?.message ?? '', /in line 6/);
});

test('a check that ends the shell fails alone', async () => {
  await play('- run: KEPT=yes');
  const { failure } = await play('- check: echo bye; exit 1');
  assert.equal(failure?.failure.code, 'LW-TERMINAL-ENDED');
  assert.equal((await play('- run: echo $KEPT\n  expect: "yes"')).failure, undefined);
});

test('an attempt that times out shows what it and the one before it printed', async () => {
  const step = '- check: |\n    echo again; test ! -e slow || sleep 60; touch slow\n  expect: never\n  within: 1s';
  const { failure } = await play(step);
  assert.match(failure?.failure.message ?? '', /did not end within 10 s and was stopped at attempt 2/);
  assert.equal(failure?.failure.details?.[0]?.text, 'again');
});

test('the message about a command that never ends says what to write instead', async () => {
  const { failure } = await play('- check: oc() { sleep 60; }; oc get pods -w\n  within: 200ms');
  assert.match(failure?.failure.next ?? '', /never ends by itself; instead: `ready`/);
});

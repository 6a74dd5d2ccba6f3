/** After a run killed at any moment, `labwright cleanup` removes all of its objects and leaves those of others unchanged. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { differences, ForeignCluster } from '../support/foreign.ts';
import { Random } from '../support/random.ts';

const CLI = join(import.meta.dirname, '../../cli/labwright.js');
const RUN = join(import.meta.dirname, '../support/guarded-run.ts');

let cluster: ForeignCluster;
let untouched: Map<string, string>;
before(async () => {
  cluster = await ForeignCluster.start('foreign-cleanup', [`${import.meta.dirname}/../harbour/images.yaml`]);
  await cluster.admin('create', 'namespace', 'shop');
  await cluster.admin('create', 'configmap', 'prices', '-n', 'shop', '--from-literal=tea=2', '--from-literal=cake=3');
  untouched = await cluster.dump();
});
after(() => cluster[Symbol.asyncDispose]());

/** @param killAfterMs if absent, the run is not killed. @returns the duration. */
async function play(id: string, killAfterMs?: number): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [RUN, cluster.kubeconfig, cluster.directory, id], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  if (killAfterMs !== undefined) void sleep(killAfterMs).then(() => child.kill('SIGKILL'));
  await ended;
  return performance.now() - started;
}

const cleanup = (...args: string[]) =>
  execa(
    process.execPath,
    [CLI, 'cleanup', '--kubeconfig', cluster.kubeconfig, '--reports', cluster.directory, ...args],
    {
      reject: false,
      all: true,
    },
  );

async function leavesNothing(...args: string[]): Promise<void> {
  const { exitCode, all } = await cleanup(...args);
  assert.equal(exitCode, 0, all);
  assert.deepEqual(differences(untouched, await cluster.dump()), [], all);
}

/** To try other moments, set another seed: `SEED=7 node --test …`. */
const SEED = Number(process.env['SEED'] ?? 1);

test('a run killed at any of ten moments leaves nothing after cleanup', async () => {
  const whole = await play('whole');
  await leavesNothing();
  const chance = new Random(SEED);
  for (let index = 0; index < 10; index++) {
    // A random moment in each tenth of the run.
    const moment = (whole * (index + chance.next())) / 10;
    await play(`killed-${index}`, moment);
    await leavesNothing();
  }
});

test('without the reports, cleanup uses the cluster’s copy of the ledger', async () => {
  await play('lost');
  await rm(join(cluster.directory, 'ledger'), { recursive: true });
  await leavesNothing();
});

test('a cleanup that was killed can be repeated, and says when nothing is left', async () => {
  await play('twice');
  const first = spawn(
    process.execPath,
    [CLI, 'cleanup', '--kubeconfig', cluster.kubeconfig, '--reports', cluster.directory],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const ended = once(first, 'exit');
  await once(first.stderr, 'data');
  await sleep(100);
  first.kill('SIGKILL');
  await ended;
  await leavesNothing();
  assert.match((await cleanup()).all, /Nothing to clean up/);
  const unknown = await cleanup('--run', 'nobody');
  assert.equal(unknown.exitCode, 2);
  assert.match(unknown.all, /LW-NO-RUN/);
});

/** An interrupted mutation run keeps its results so far, and leaves nothing running. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { remains } from './traces.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LAB = join(ROOT, 'test', 'scenarios', 'mistakes', 'lab');

test('ctrl-C after the first result: exit 130, a report with it, and no sandbox left', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lw-mutate-end-'));
  const reports = join(directory, 'reports');
  const args = [join(ROOT, 'cli', 'labwright.js'), 'mutate', LAB, '--operator', 'guide', '--reports', reports];
  // A process group of its own, since ctrl-C in a terminal reaches the whole group.
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: directory, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = once(child, 'exit');
  let output = '';
  let interrupted = false;
  const keep = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
    if (interrupted || !/^ *1\/\d+ /m.test(output) || child.pid === undefined) return;
    interrupted = true;
    process.kill(-child.pid, 'SIGINT');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);

  const [code] = await exited;
  assert.equal(code, 130, output);
  assert.match(output, /Interrupted: \d+ mistakes? (?:was|were) not played/);
  const report: unknown = JSON.parse(readFileSync(join(reports, 'mutation.json'), 'utf8'));
  assert.match(JSON.stringify(report), /"mutatorName":"guide\//);
  rmSync(reports, { recursive: true });
  const { processes, files } = await remains(directory, 10_000);
  assert.deepEqual({ processes, files }, { processes: [], files: [] }, output);
  rmSync(directory, { recursive: true, force: true });
});

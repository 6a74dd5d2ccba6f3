/** However a run ends during a step, it leaves nothing behind, and its exit code and certificate are right. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { namespacesOf, processesOf, remains, untilRuns } from './traces.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const HOST = /host\/process\/main\.ts/;
const PLAYWRIGHT = /@playwright\/test\/cli\.js/;
/** PID 1 of the sandbox's namespaces; its parent `unshare` has the same words on its command line. */
const SANDBOX = /^(?!.*unshare).*sandbox\/main\.ts/;
const TIMEOUT_MS = 10_000;
/** Playwright's own, which is in the directory for temporary files: with an empty one each run would compile everything again. */
const TRANSFORM_CACHE = join(tmpdir(), `playwright-transform-cache-${process.geteuid?.()}`);

interface Run {
  readonly child: ChildProcess;
  /** The run's directory for temporary files. */
  readonly directory: string;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
  readonly reports: string;
}

/** Certifies the long lab in a process group of its own, as a shell does. Resolves during a step. */
async function begin(): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), 'lw-end-'));
  const reports = join(directory, 'reports');
  const lab = join(import.meta.dirname, 'lab');
  const args = [join(ROOT, 'cli', 'labwright.js'), 'certify', lab, '--browser', 'chromium', '--reports', reports];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: directory, PWTEST_CACHE_DIR: TRANSFORM_CACHE, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const over = new AbortController();
  void ended.then(() => over.abort());
  const middle = await untilRuns(directory, /^sleep 987/, over.signal).catch(() => undefined);
  if (middle === undefined) child.kill('SIGTERM');
  assert.ok(middle !== undefined, `the run ended before its middle, or did not get there:\n${output}`);
  assert.ok(namespacesOf(processesOf(directory)).size > 0, 'a sandbox is a network namespace of its own');
  return { child, directory, output: () => output, ended, reports };
}

async function nothingIsLeftOf(run: Run): Promise<void> {
  const { processes, files } = await remains(run.directory, TIMEOUT_MS);
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has already ended.
    }
  }
  assert.deepEqual({ processes, files }, { processes: [], files: [] }, run.output());
  rmSync(run.directory, { recursive: true, force: true });
}

const pidOf = (run: Run): number => {
  assert.ok(run.child.pid);
  return run.child.pid;
};

async function kill(run: Run, pattern: RegExp): Promise<void> {
  process.kill((await untilRuns(run.directory, pattern)).pid, 'SIGKILL');
}

function verdictOf(run: Run): { kind: string } {
  return JSON.parse(readFileSync(join(run.reports, 'verdict.json'), 'utf8')) as { kind: string };
}

const STACK = /^\s+at .*\(?(file:|node:|\/).*:\d+:\d+\)?$/m;

describe('a run that is cut off', { concurrency: 2 }, () => {
  const signals = [
    ['ctrl-C in the terminal', (run: Run) => process.kill(-pidOf(run), 'SIGINT')],
    ['SIGTERM', (run: Run) => process.kill(pidOf(run), 'SIGTERM')],
  ] as const;
  for (const [name, send] of signals) {
    test(`${name} ends it with exit code 130 and a certificate that says so`, async () => {
      const run = await begin();
      send(run);
      assert.equal(await run.ended, 130, run.output());
      assert.equal(verdictOf(run).kind, 'interrupted');
      assert.match(readFileSync(join(run.reports, 'certificate.html'), 'utf8'), /Interrupted in section 1/);
      await nothingIsLeftOf(run);
    });
  }

  test('kill -9 of the command leaves nothing', async () => {
    const run = await begin();
    process.kill(pidOf(run), 'SIGKILL');
    await nothingIsLeftOf(run);
  });

  test('kill -9 of Playwright is exit code 3, with a message', async () => {
    const run = await begin();
    await kill(run, PLAYWRIGHT);
    assert.equal(await run.ended, 3, run.output());
    assert.match(run.output(), /LW-PLAYWRIGHT-ENDED/);
    await nothingIsLeftOf(run);
  });

  test('kill -9 of the host process is exit code 3, with one message', async () => {
    const run = await begin();
    await kill(run, HOST);
    assert.equal(await run.ended, 3, run.output());
    assert.equal(run.output().match(/LW-HOST-GONE/g)?.length, 1, run.output());
    assert.doesNotMatch(run.output(), STACK);
    await nothingIsLeftOf(run);
  });

  test('a sandbox that dies is exit code 3, with one message', async () => {
    const run = await begin();
    await kill(run, SANDBOX);
    assert.equal(await run.ended, 3, run.output());
    assert.equal(run.output().match(/LW-SANDBOX-ENDED/g)?.length, 1, run.output());
    assert.doesNotMatch(run.output(), STACK);
    assert.equal(verdictOf(run).kind, 'not fit');
    await nothingIsLeftOf(run);
  });
});

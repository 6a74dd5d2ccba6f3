/** The reporters in real Playwright, on a project generated from sample evidence. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Run } from '../../reporters/run.ts';
import { writeProject } from '../report-samples/project.ts';
import { blockedRun, failingRun, passingRun } from '../report-samples/runs.ts';

const CLI = fileURLToPath(new URL('../../node_modules/@playwright/test/cli.js', import.meta.url));
const directories: string[] = [];
after(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

function launch(directory: string, args: readonly string[]) {
  const env = { NO_COLOR: '1', CI: '', FORCE_COLOR: undefined, NODE_TEST_CONTEXT: undefined };
  return execa(process.execPath, [CLI, 'test', ...args], { cwd: directory, all: true, reject: false, env });
}
type Child = ReturnType<typeof launch>;

function start(run: Run, args: readonly string[] = [], slow?: number): { directory: string; ended: Child } {
  const directory = mkdtempSync(join(tmpdir(), 'lw-reporters-'));
  directories.push(directory);
  writeProject(directory, run, slow === undefined ? {} : { slow });
  return { directory, ended: launch(directory, args) };
}

/** Each browser costs a worker process, so only the first test plays both. */
const FIREFOX = ['--project=firefox'];

const certificate = (directory: string) => readFileSync(join(directory, 'reports/certificate.html'), 'utf8');
const verdict = (directory: string): unknown =>
  JSON.parse(readFileSync(join(directory, 'reports/verdict.json'), 'utf8'));

test('a passing run ends certified, with a table and a certificate that shows the screenshots', async () => {
  const { directory, ended } = start(passingRun());
  const { exitCode, all } = await ended;
  assert.equal(exitCode, 0, all);
  assert.match(all, /✓ Firefox {3}5 › A\/B testing with Istio/);
  assert.match(all, /5 Perform traffic management {2,}✓ passed/);
  assert.match(all, /Certified\. All 11 exercises passed in Firefox and Chromium/);
  assert.match(all, /Report {2}reports\/certificate\.html/);
  const page = certificate(directory);
  assert.match(page, /<p class="headline">Certified<\/p>/);
  assert.equal(page.match(/<img src="data:image\/png;base64,/g)?.length, 8);
  assert.doesNotMatch(all, /\u001b/, 'no colour codes where output is not a terminal');
});

test('a failed expectation is shown with its YAML, the expected and seen values, and the next step', async () => {
  const { directory, ended } = start(failingRun(), FIREFOX);
  const { exitCode, all } = await ended;
  assert.equal(exitCode, 1);
  assert.match(all, /✗ Firefox {3}5 › A\/B testing with Istio {2}failed/);
  assert.match(all, /05-traffic\.yaml:18:7\n.*\| browse: http:\/\/\$GUESTBOOK_ROUTE/);
  assert.match(all, /Expected: Guestbook - v2\n {4}Seen: {5}Guestbook - v1/);
  assert.match(all, /Next: Look at the match/);
  assert.match(certificate(directory), /First failure/);
  assert.match(
    readFileSync(join(directory, 'reports/summary.md'), 'utf8'),
    /\*\*First failure\*\* \(Firefox\): section 5/,
  );
});

test('exercises after a failed acting step are blocked, not failed', async () => {
  const { directory, ended } = start(blockedRun(), ['--project=chromium']);
  const { exitCode, all } = await ended;
  assert.equal(exitCode, 1);
  assert.match(all, /■ Chromium {2}6 › Encrypt the traffic with mTLS {2}blocked/);
  assert.match(certificate(directory), /5 passed, 1 failed, 5 blocked, of 11 exercises/);
});

test('one section in one browser is never reported as the whole lab', async () => {
  const { directory, ended } = start(passingRun(), ['05', ...FIREFOX]);
  const { exitCode, all } = await ended;
  assert.equal(exitCode, 0, all);
  assert.match(all, /Partial: section 5 of 6, Firefox only/);
  assert.match(certificate(directory), /<p class="headline">Partial: section 5 of 6, Firefox only<\/p>/);
});

test('after ctrl-C, the certificate says in which section the run was interrupted', async () => {
  // One worker plays the sections in order, as a lab is played: with two, an earlier section may still be running.
  const { directory, ended } = start(passingRun(), [...FIREFOX, '--workers=1'], 4);
  await seen(ended, /› Install the Guestbook app/);
  ended.kill('SIGINT');
  await ended;
  assert.match(certificate(directory), /Not certified[\s\S]*Interrupted in section 4/);
  assert.partialDeepStrictEqual(verdict(directory), { kind: 'interrupted', exitCode: 130 });
});

test('after a killed run, the certificate does not claim a result', async () => {
  const { directory, ended } = start(passingRun(), FIREFOX, 1);
  await seen(ended, /./, () => certificate(directory)).catch(() => undefined);
  ended.kill('SIGKILL');
  await ended;
  assert.match(certificate(directory), /<p class="headline">Not certified<\/p>[\s\S]*has not finished/);
});

/** Waits until the output matches, or until `probe` stops throwing. */
async function seen(child: Child, pattern: RegExp, probe?: () => unknown): Promise<void> {
  let text = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const poll = setInterval(() => {
    if (probe === undefined) return;
    try {
      probe();
      resolve();
    } catch {}
  }, 50);
  child.all.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (probe === undefined && pattern.test(text)) resolve();
  });
  child.all.on('end', () => reject(new Error(`ended without ${pattern}: ${text}`)));
  await promise.finally(() => clearInterval(poll));
}

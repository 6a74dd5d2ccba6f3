/** History and summary of runs that end before the lab begins, or are killed, through the real command line. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { execa } from 'execa';
import { readHistory } from '../../reporters/history/file.ts';
import { recordOf } from '../../reporters/history/record.ts';
import { interruptedRun } from '../report-samples/runs.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LAB = join(import.meta.dirname, 'passing-lab', 'lab');
const CLI = join(ROOT, 'cli', 'labwright.js');
const directory = mkdtempSync(join(tmpdir(), 'lw-recorded-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const reports = join(directory, 'reports');
const jobSummary = join(directory, 'job-summary.md');

/** On a machine without kubectl and browsers. */
function certify(args: readonly string[]) {
  const env = { PATH: directory, PLAYWRIGHT_BROWSERS_PATH: directory, GITHUB_STEP_SUMMARY: jobSummary };
  const all = [CLI, 'certify', LAB, '--reports', reports, ...args];
  return execa(process.execPath, all, { all: true, reject: false, cwd: ROOT, env });
}

test('a run that fails on an unsuitable machine is in the history and in both summaries, with its reason', async () => {
  const { exitCode, all } = await certify([]);
  assert.equal(exitCode, 3, all);
  const { runs } = readHistory(join(reports, 'history'));
  assert.equal(runs.length, 1);
  assert.equal(runs[0]?.verdict.exitCode, 3);
  assert.match(runs[0]?.verdict.reason ?? '', /This machine is not fit for the run/);
  for (const summary of [join(reports, 'summary.md'), jobSummary]) {
    assert.match(readFileSync(summary, 'utf8'), /A tiny lab: Not certified[\s\S]*LW-MACHINE[\s\S]*is missing/);
  }
  assert.match(readFileSync(join(reports, 'index.html'), 'utf8'), /Not judged/);
});

test('a killed run is added to the history by the next one, once', async () => {
  const facts = { id: 'killed', tool: { version: '0.1.0' }, host: 'runner' };
  writeFileSync(join(reports, 'run.json'), JSON.stringify(recordOf(interruptedRun(), facts)));
  await certify([]);
  await certify([]);
  const ids = readHistory(join(reports, 'history')).runs.map(({ id }) => id);
  assert.equal(ids.length, 4);
  assert.equal(ids.filter((id) => id === 'killed').length, 1);
});

test('a usage error is not recorded as a run, and the history can be in another folder', async () => {
  const elsewhere = join(directory, 'elsewhere');
  const { exitCode } = await certify(['--section', '99', '--history', elsewhere]);
  assert.equal(exitCode, 2);
  assert.equal(readHistory(elsewhere).runs.length, 0);
  await certify(['--history', elsewhere]);
  assert.equal(readHistory(elsewhere).runs.length, 1);
});

test('the page can be rebuilt from any history folder', async () => {
  const made = join(directory, 'page');
  const options = { all: true, reject: false, cwd: ROOT } as const;
  const { exitCode, all } = await execa(process.execPath, [CLI, 'history', reports, '--reports', made], options);
  assert.equal(exitCode, 0, all);
  assert.match(readFileSync(join(made, 'index.html'), 'utf8'), /from 4 runs/);
  const none = await execa(process.execPath, [CLI, 'history', join(directory, 'nowhere')], options);
  assert.equal(none.exitCode, 2);
  assert.match(none.all, /LW-NO-HISTORY/);
});

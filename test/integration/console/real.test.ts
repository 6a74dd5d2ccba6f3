/** Clicks the lab's sections about the console in a real console, if `LABWRIGHT_CONSOLE` names one. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { execa } from 'execa';
import type { HistoryRun } from '../../../reporters/history/record.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const skip = process.env['LABWRIGHT_CONSOLE'] ? false : 'LABWRIGHT_CONSOLE is not set';
const directory = mkdtempSync(join(tmpdir(), 'lw-real-console-'));
after(() => rmSync(directory, { recursive: true, force: true }));

for (const browser of ['chromium', 'firefox']) {
  test(`the guide’s clicks work in a real console, in ${browser}`, { skip }, async () => {
    const reports = join(directory, browser);
    const args = ['certify', '--section', '1,2', '--browser', browser, '--console', '--reports', reports];
    const { exitCode, all } = await execa(process.execPath, [join(ROOT, 'cli', 'labwright.js'), ...args], {
      all: true,
      reject: false,
      cwd: ROOT,
    });
    assert.equal(exitCode, 0, all);
    const run: HistoryRun = JSON.parse(readFileSync(join(reports, 'run.json'), 'utf8'));
    const steps = run.sections.flatMap(({ exercises }) => exercises.flatMap((exercise) => exercise.steps));
    const by = steps.flatMap(({ console }) => (console === undefined ? [] : [console.by]));
    assert.deepEqual(by, ['clicks', 'clicks', 'clicks', 'clicks', 'clicks', 'clicks']);
  });
}

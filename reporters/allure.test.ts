import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { generateAllureReport } from './allure.ts';

const directory = mkdtempSync(join(tmpdir(), 'lw-allure-'));
after(() => rmSync(directory, { recursive: true }));

test('results are turned into a report without Java', async () => {
  const results = join(directory, 'results');
  mkdirSync(results);
  const result = {
    uuid: '1',
    name: 'Canary deployment',
    fullName: 'Canary',
    status: 'passed',
    stage: 'finished',
    start: 1,
    stop: 2,
  };
  writeFileSync(join(results, '1-result.json'), JSON.stringify(result));
  const report = await generateAllureReport(results, join(directory, 'report'));
  assert.ok(report.made, JSON.stringify(report));
  assert.match(readFileSync(report.index, 'utf8'), /<title>\s*Labwright/);
});

test('without results, the reason is given instead of a report', async () => {
  const report = await generateAllureReport(join(directory, 'none'), join(directory, 'never'));
  assert.deepEqual(report, { made: false, reason: `There are no Allure results in ${join(directory, 'none')}.` });
});

/** A run split over two machines, through the real command line: two shards, merged into one certificate. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { readHistory } from '../../reporters/history/file.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LAB = join(import.meta.dirname, 'passing-lab', 'lab');
const directory = mkdtempSync(join(tmpdir(), 'lw-merge-'));
after(() => rmSync(directory, { recursive: true, force: true }));

function labwright(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const options = { all: true, reject: false, cwd: ROOT, env: { ...env, GITHUB_STEP_SUMMARY: '' } } as const;
  return execa(process.execPath, [join(ROOT, 'cli', 'labwright.js'), ...args], options);
}

const shard = (index: number) => join(directory, 'machines', `machine-${index}`, 'reports');
const merged = join(directory, 'merged');

before(async () => {
  // As the matrix of a CI engine starts them.
  const legs = [1, 2].map((index) => {
    const env = {
      LAB,
      SHARD: `${index}/2`,
      REPORTS: shard(index),
      LABWRIGHT_GROUP: 'night-1',
      GITHUB_STEP_SUMMARY: '',
    };
    return execa(join(ROOT, 'nightly', 'leg.sh'), [], { all: true, reject: false, env });
  });
  for (const { exitCode, all } of await Promise.all(legs)) {
    assert.equal(exitCode, 0, all);
    for (const text of [/1 +Tiny +.*passed/, /Time +\d/, /Report +.*certificate\.html/]) assert.match(all, text);
  }
  assert.equal(readFileSync(join(shard(1), 'outcome'), 'utf8'), 'certified');
});

test('shards of one run are merged into one certified run with all reports, and can be merged again', async () => {
  for (let time = 1; time <= 2; time += 1) {
    const { exitCode, all } = await labwright(['report', 'merge', join(directory, 'machines'), '--reports', merged]);
    assert.equal(exitCode, 0, all);
  }
  assert.match(readFileSync(join(merged, 'certificate.html'), 'utf8'), /<p class="headline">Certified<\/p>/);
  assert.match(readFileSync(join(merged, 'summary.md'), 'utf8'), /Certified[\s\S]*Firefox[\s\S]*Chromium/);
  assert.equal(readFileSync(join(merged, 'junit.xml'), 'utf8').match(/<testcase/g)?.length, 4);
  assert.match(
    readFileSync(join(merged, 'index.html'), 'utf8'),
    /<a href="certificate.html">certificate<\/a>[\s\S]*from 1 run /,
  );
  const { runs, parts } = readHistory(join(merged, 'history'));
  assert.equal(runs.length, 1);
  assert.equal(parts.length, 2);
  assert.equal(runs[0]?.verdict.kind, 'certified');
  assert.deepEqual(runs[0]?.browsers.map(({ name }) => name).sort(), ['chromium', 'firefox']);
});

test('a missing shard is reported', async () => {
  const alone = join(directory, 'alone');
  cpSync(shard(1), alone, { recursive: true });
  const { exitCode, all } = await labwright(['report', 'merge', alone, '--reports', join(directory, 'half')]);
  assert.equal(exitCode, 3, all);
  assert.match(all, /Shard 2\/2 of .* is missing\. {2}\(LW-SHARD-MISSING\)/);
  assert.match(all, /Partial: Firefox only/);
});

test('a lab can’t be split into more shards than browsers, nor merged into its own folder', async () => {
  const split = await labwright(['certify', LAB, '--shard', '1/3']);
  assert.equal(split.exitCode, 2, split.all);
  assert.match(split.all, /[Ii]ts sections build on each other.*\n.*docs\/nightly\.md {2}\(LW-SHARD\)/);
  const onto = await labwright(['report', 'merge', shard(1), '--reports', shard(1)]);
  assert.equal(onto.exitCode, 2, onto.all);
  assert.match(onto.all, /LW-MERGE/);
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hostileRun, SECRETS } from '../../test/report-samples/hostile.ts';
import { failingRun, passingRun } from '../../test/report-samples/runs.ts';
import { plainAll } from '../plain.ts';
import { appendRuns, HISTORY_FILE, parseHistory, readHistory } from './file.ts';
import { type HistoryRun, recordOf } from './record.ts';

const directories: string[] = [];
after(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'lw-history-'));
  directories.push(made);
  return made;
}

const facts = (id: string) => ({
  id,
  tool: { version: '0.1.0' },
  host: 'runner',
  lab: { commit: 'abc', content: 'd1' },
});
const record = (id: string): HistoryRun => recordOf(passingRun(), facts(id));
const ids = (runs: readonly HistoryRun[]) => runs.map((run) => run.id);

test('appended runs are read back, whatever they contain', () => {
  const history = directory();
  const written = [record('a'), recordOf(failingRun(), facts('b')), recordOf(hostileRun(), facts('c'))];
  for (const run of written) appendRuns(history, [run]);
  const { runs, skipped } = readHistory(history);
  assert.deepEqual(runs, written.map(plainAll));
  assert.deepEqual(skipped, { torn: 0, duplicate: 0, newer: 0, foreign: 0 });
});

test('no credential is written to the history', () => {
  const history = directory();
  appendRuns(history, [recordOf(hostileRun(), facts('c'))]);
  const text = readFileSync(join(history, HISTORY_FILE), 'utf8');
  for (const secret of SECRETS) assert.ok(!text.includes(secret), secret);
});

test('an incomplete last line is kept and counted, and affects neither earlier nor appended lines', () => {
  const history = directory();
  const file = join(history, HISTORY_FILE);
  appendRuns(history, [record('a')]);
  const torn = `${JSON.stringify(record('lost')).slice(0, 500)}`;
  appendFileSync(file, torn);
  assert.deepEqual(ids(readHistory(history).runs), ['a']);
  appendRuns(history, [record('b')]);
  assert.ok(readFileSync(file, 'utf8').includes(torn), 'append-only');
  const { runs, skipped } = readHistory(history);
  assert.deepEqual(ids(runs), ['a', 'b']);
  assert.equal(skipped.torn, 1);
});

test('a complete line directly after an incomplete one, without a line break, is found', () => {
  const text = `${JSON.stringify(record('lost')).slice(0, 77)}${JSON.stringify(record('a'))}\n\n`;
  const { runs, skipped } = parseHistory([text]);
  assert.deepEqual(ids(runs), ['a']);
  assert.equal(skipped.torn, 1);
});

test('lines cut within a character, NUL bytes, other JSON and newer versions are skipped', () => {
  const history = directory();
  const line = Buffer.from(JSON.stringify({ ...record('ä'), host: 'übung' }));
  writeFileSync(
    join(history, HISTORY_FILE),
    Buffer.concat([
      line.subarray(0, line.indexOf('übung') + 1),
      Buffer.from('\n\u0000\u0000\u0000\n[1]\n"x"\nnull\n{"labwright":1}\n{"labwright":9,"id":"z"}\n'),
      Buffer.from(JSON.stringify({ ...record('w'), startedAt: '2026-99-99T99:99Z' })),
      Buffer.from(`\n${JSON.stringify(record('a'))}`),
    ]),
  );
  const { runs, skipped } = readHistory(history);
  assert.deepEqual(ids(runs), ['a']);
  assert.deepEqual(skipped, { torn: 2, duplicate: 0, newer: 1, foreign: 5 });
});

test('several folders and files are one history, each run once, oldest first', () => {
  const [one, two] = [directory(), directory()];
  appendRuns(one, [{ ...record('b'), startedAt: '2026-11-02T00:00:00Z' }]);
  appendRuns(two, [{ ...record('b'), startedAt: '2026-11-02T00:00:00Z' }]);
  writeFileSync(
    join(two, 'other-machine.jsonl'),
    JSON.stringify({ ...record('a'), startedAt: '2026-11-01T00:00:00Z' }),
  );
  const { runs, skipped } = readHistory(one, two, join(two, 'nowhere'));
  assert.deepEqual(ids(runs), ['a', 'b']);
  assert.equal(skipped.duplicate, 1);
});

test('a merged run replaces its parts', () => {
  const runs = [record('one'), record('two'), { ...record('whole'), parts: ['one', 'two'] }];
  assert.deepEqual(ids(parseHistory([runs.map((run) => JSON.stringify(run)).join('\n')]).runs), ['whole']);
});

test('many processes append at once and no line is lost', async () => {
  const history = directory();
  const program = `
    import { appendRuns } from ${JSON.stringify(join(import.meta.dirname, 'file.ts'))};
    const run = ${JSON.stringify(record('x'))};
    for (let i = 0; i < 25; i += 1) appendRuns(${JSON.stringify(history)}, [{ ...run, id: process.pid + '-' + i }]);
  `;
  const writers = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', program]));
  await Promise.all(writers.map((writer) => new Promise((resolve) => writer.on('exit', resolve))));
  const { runs, skipped } = readHistory(history);
  assert.equal(runs.length, 100);
  assert.deepEqual(skipped, { torn: 0, duplicate: 0, newer: 0, foreign: 0 });
});

test('a record keeps how close a wait came to its deadline, and the details of a failure', () => {
  const run = passingRun();
  const [section] = run.sections;
  const [exercise] = section?.exercises ?? [];
  const [step] = exercise?.steps ?? [];
  assert.ok(section && exercise && step);
  const waits = [
    { kind: 'wait', deadlineMs: 60_000, takenMs: 1_000 },
    { kind: 'wait', deadlineMs: 10_000, takenMs: 9_000 },
  ] as const;
  const waited = { ...exercise, steps: [{ ...step, observations: waits }] };
  const kept = recordOf({ ...run, sections: [{ ...section, exercises: [waited] }] }, facts('a'));
  assert.deepEqual(kept.sections[0]?.exercises[0]?.steps[0]?.wait, { deadlineMs: 10_000, takenMs: 9_000 });
  const failed = recordOf(failingRun(), facts('b')).sections.flatMap((s) => s.exercises.flatMap((e) => e.steps));
  assert.deepEqual(failed.find((s) => s.failure)?.failure, {
    code: 'LW-EXPECT-TEXT',
    message: 'The page’s title is not the one expected in Firefox',
    at: '05-traffic.yaml:18',
  });
});

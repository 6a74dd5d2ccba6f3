import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXERCISES, PLAN } from '../test/report-samples/lab.ts';
import { failingRun, passingRun } from '../test/report-samples/runs.ts';
import { parseEvidence, parsePlan } from './evidence.ts';

const steps = passingRun().sections.flatMap((section) => section.exercises.flatMap((exercise) => exercise.steps));
const [one] = steps;

test('every kind of evidence is read back unchanged', () => {
  const failed = failingRun().sections.flatMap((s) => s.exercises.flatMap((e) => e.steps));
  for (const step of [...steps, ...failed]) {
    const { value, notes } = parseEvidence(JSON.stringify(step));
    assert.deepEqual(value, step);
    assert.deepEqual(notes, []);
  }
});

test('unknown keys pass, since new optional keys need no new version', () => {
  const { value, notes } = parseEvidence(JSON.stringify({ ...one, mood: 'good' }));
  assert.ok(value);
  assert.deepEqual(notes, []);
});

test('newer evidence is shown as far as possible, with a note', () => {
  const { value, notes } = parseEvidence(
    JSON.stringify({ ...one, version: 7, observations: [{ kind: 'smell', of: 'smoke' }] }),
  );
  assert.deepEqual(value?.observations, []);
  assert.match(notes[0] ?? '', /newer Labwright \(version 7, this one reads 2\)/);
  assert.match(notes[1] ?? '', /“smell” could not be read/);
});

test('samples of version 1, with p-values and a fixed number of requests, are read without a note', () => {
  const sample = {
    kind: 'sample',
    url: 'http://lab.test',
    requests: 1200,
    counts: [{ value: 'v1', count: 1200, expectedShare: 1, pValue: 1 }],
    deviation: 0.1,
    error: 1e-6,
  };
  const { value, notes } = parseEvidence(JSON.stringify({ ...one, version: 1, observations: [sample] }));
  assert.deepEqual([value?.observations, notes], [[sample], []]);
});

test('evidence of a wrong shape is left out, and a note says what is wrong', () => {
  for (const text of [
    '',
    '[]',
    'null',
    '{"version":1}',
    JSON.stringify({ ...one, durationMs: 'long' }),
    JSON.stringify({ ...one, startedAt: 'noon' }),
  ]) {
    const { value, notes } = parseEvidence(text);
    assert.equal(value, undefined);
    assert.equal(notes.length > 0, true, text);
  }
});

test('the plan is read from text and from configuration, and departures are optional', () => {
  assert.deepEqual(parsePlan(JSON.stringify(PLAN)).value?.sections.length, 6);
  const { departures: _, skipped: __, ...bare } = PLAN;
  assert.deepEqual(parsePlan(bare).value?.departures, []);
  assert.equal(parsePlan('nonsense').value, undefined);
  assert.ok(EXERCISES.length > 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passingRun } from '../../../test/report-samples/runs.ts';
import { type HistoryRun, recordOf } from '../record.ts';
import { judgeRegression, regressions } from './regressions.ts';
import { labsOf } from './series.ts';
import { trackSteps } from './steps.ts';

const judged = (failures: number, runs: number, before: number, runsBefore: number) =>
  judgeRegression({ failures, runs }, { failures: before, runs: runsBefore }).status;

test('a regression needs three failures, more than 5% of pass rate lost, and 95% confidence', () => {
  assert.equal(judged(2, 7, 0, 30), 'NotSignificant', 'two failures are not judged');
  assert.equal(judged(3, 7, 0, 30), 'ExtremeRegression');
  assert.equal(judged(10, 250, 0, 1000), 'NotSignificant', '4% lost, however sure');
  assert.equal(judged(20, 200, 0, 1000), 'SignificantRegression', '10% lost');
  assert.equal(judged(3, 40, 1, 30), 'NotSignificant', 'chance may do that');
  assert.equal(judged(3, 100, 30, 100), 'SignificantImprovement');
});

test('what one side lacks is said in Sippy’s words', () => {
  assert.equal(judged(0, 0, 0, 30), 'MissingSample');
  assert.equal(judged(3, 3, 0, 0), 'MissingBasis');
  assert.equal(judged(0, 0, 0, 0), 'MissingBasisAndSample');
});

const base = recordOf(passingRun(), { id: 'x', tool: { version: '0.1.0' }, host: 'runner' });

/** One run a night of two steps; the first fails in the nights named, and then the second is not reached. */
function found(nights: number, fails: (night: number) => boolean) {
  const runs = Array.from({ length: nights }, (_, night): HistoryRun => {
    const outcome = fails(night) ? ('failed' as const) : ('passed' as const);
    const step = { index: 0, yaml: 'a', verb: 'check', title: 'first', outcome, durationMs: 1 };
    const second = { ...step, index: 1, yaml: 'b', title: 'second', outcome: 'passed' as const };
    const steps = outcome === 'failed' ? [step] : [step, second];
    const exercise = { title: 'One', browser: 'firefox', status: outcome, durationMs: 1, steps };
    const startedAt = new Date(Date.UTC(2026, 0, 1 + night)).toISOString();
    return { ...base, id: String(night), startedAt, sections: [{ number: 1, title: 'S', exercises: [exercise] }] };
  });
  const [lab] = labsOf(runs);
  assert.ok(lab);
  return regressions(lab, trackSteps(lab.runs)).map(({ step, status, sample, basis }) => [
    step.title,
    status,
    `${sample.failures}/${sample.runs}`,
    `${basis.failures}/${basis.runs}`,
  ]);
}

test('the newest seven days are held against the thirty before, and what was not reached any more is missing', () => {
  assert.deepEqual(
    found(60, (night) => night >= 53),
    [
      ['first', 'ExtremeRegression', '7/7', '0/30'],
      ['second', 'MissingSample', '0/0', '0/30'],
    ],
  );
  assert.deepEqual(
    found(60, (night) => night >= 59),
    [['first', 'NotSignificant', '1/7', '0/30']],
  );
  assert.deepEqual(
    found(60, (night) => night < 20),
    [],
    'what is older than both does not count',
  );
});

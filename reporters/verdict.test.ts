import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  blockedRun,
  failingRun,
  interruptedRun,
  oneBrowserRun,
  passingRun,
  sectionRun,
} from '../test/report-samples/runs.ts';
import { acrossBrowsers, type ExerciseRun, type Run } from './run.ts';
import { judge } from './verdict.ts';

/** The same run with one exercise of section 5 in Firefox changed. */
function withExercise(run: Run, change: Partial<ExerciseRun>): Run {
  const sections = run.sections.map((section) => ({
    ...section,
    exercises: section.exercises.map((exercise) =>
      section.number === 5 && exercise.project === 'firefox' && exercise.title === 'Canary deployment'
        ? { ...exercise, ...change }
        : exercise,
    ),
  }));
  return { ...run, sections };
}

test('a run is certified only if every exercise of every section passed in every browser', () => {
  const verdict = judge(passingRun());
  assert.equal(verdict.kind, 'certified');
  assert.equal(verdict.exitCode, 0);
  for (const status of ['failed', 'blocked', 'interrupted', 'not run'] as const) {
    const worse = judge(withExercise(passingRun(), { status }));
    assert.equal(worse.headline, 'Not certified', status);
    assert.equal(worse.exitCode, 1, status);
  }
});

test('a run without any exercise certifies nothing', () => {
  assert.deepEqual(
    [judge({ ...passingRun(), sections: [] })].map((v) => [v.kind, v.exitCode]),
    [['empty', 1]],
  );
});

test('a partial run says which part it is', () => {
  assert.equal(judge(sectionRun()).headline, 'Partial: section 5 of 6');
  assert.equal(judge(oneBrowserRun()).headline, 'Partial: Firefox only');
  const run = passingRun();
  const some = run.sections.filter((section) => [1, 2, 3, 5].includes(section.number));
  assert.equal(judge({ ...run, sections: some }).headline, 'Partial: sections 1–3, 5 of 6');
});

test('an exercise that was filtered out makes the run partial', () => {
  const run = passingRun();
  const sections = run.sections.map((section) => ({
    ...section,
    exercises: section.exercises.filter((exercise) => exercise.title !== 'Canary deployment'),
  }));
  assert.equal(judge({ ...run, sections }).headline, 'Partial: 2 exercises left out');
});

test('a run without a plan stays partial', () => {
  const { plan: _, ...run } = passingRun();
  assert.equal(judge(run).kind, 'partial');
});

test('an error outside the exercises fails the run even if all exercises passed', () => {
  const verdict = judge({ ...passingRun(), problems: ['SyntaxError in 07-extra.spec.ts\n    at …'] });
  assert.deepEqual([verdict.kind, verdict.exitCode], ['failed', 1]);
  assert.match(verdict.reason, /SyntaxError in 07-extra/);
});

test('an interrupted run names its section and has its own exit code', () => {
  const verdict = judge(interruptedRun());
  assert.deepEqual([verdict.kind, verdict.exitCode], ['interrupted', 130]);
  assert.match(verdict.reason, /^Interrupted in section 4\./);
});

test('a run whose end was not reported is not certified even if everything so far passed', () => {
  assert.equal(judge({ ...passingRun(), ending: 'unfinished' }).headline, 'Not certified');
});

test('the first failure is the earliest in the guide, with what to do', () => {
  const { first } = judge(failingRun());
  assert.equal(first?.exercise.title, 'A/B testing with Istio');
  assert.equal(first?.browser, 'Firefox');
  assert.match(first?.next ?? '', /virtualservice-test\.yaml/);
  assert.equal(judge(blockedRun()).first?.section.number, 3);
});

test('a failure outside the steps gets its message from Playwright and a next command', () => {
  const { first } = judge(
    withExercise(passingRun(), { status: 'failed', errors: ['browserType.launch: no such file\nmore'] }),
  );
  assert.equal(first?.message, 'browserType.launch: no such file');
  assert.match(first?.next ?? '', /--section 5/);
});

test('an exercise that is listed twice in one browser is shown twice', () => {
  const [section] = sectionRun().sections;
  assert.ok(section);
  const twice = { ...section, exercises: [...section.exercises, ...section.exercises] };
  assert.equal(acrossBrowsers(twice).length, 2 * acrossBrowsers(section).length);
});

test('a cluster that is not fit and an internal error have different exit codes', () => {
  const unfit = judge({ ...passingRun(), notFit: 'no answer  (LW-HOST)' });
  const fault = judge({ ...passingRun(), notFit: 'Labwright itself failed: TypeError: x  (LW-INTERNAL)' });
  assert.deepEqual([unfit.kind, unfit.exitCode], ['not fit', 3]);
  assert.deepEqual([fault.kind, fault.exitCode], ['not fit', 70]);
});

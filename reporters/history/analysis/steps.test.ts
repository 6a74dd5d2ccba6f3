import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passingRun } from '../../../test/report-samples/runs.ts';
import { type HistoryRun, type HistoryStep, recordOf } from '../record.ts';
import { trackSteps } from './steps.ts';

const base = recordOf(passingRun(), { id: 'x', tool: { version: '0.1.0' }, host: 'runner' });

function run(id: string, steps: readonly Partial<HistoryStep>[], title = 'One', number = 1): HistoryRun {
  const whole = steps.map((step, index) => ({
    ...{ index, yaml: 'y', verb: 'run', title: 't', outcome: 'passed' as const, durationMs: 1 },
    ...step,
  }));
  const exercise = { title, browser: 'firefox', status: 'passed' as const, durationMs: 1, steps: whole };
  return { ...base, id, sections: [{ number, title: 'Section', exercises: [exercise] }] };
}

/** The step numbers of each run, without the exercise's setup. */
function followed(...runs: readonly HistoryRun[]): number[][] {
  const { sightings } = trackSteps(runs);
  return runs.map(({ id }) =>
    [...(sightings.get(id)?.values() ?? [])]
      .filter(({ step }) => !step.title.includes('setup'))
      .map(({ step }) => step.id),
  );
}

test('a step that moves within its section, or whose exercise gets another title, is the same step', () => {
  const [before, after] = followed(
    run('1', [{ yaml: 'a' }, { yaml: 'b' }, { yaml: 'c' }]),
    run('2', [{ yaml: 'c' }, { yaml: 'a' }, { yaml: 'b' }], 'Renamed'),
  );
  assert.deepEqual(after, [before?.[2], before?.[0], before?.[1]]);
});

test('a step whose YAML was changed is the same step if its position is unchanged', () => {
  const [before, after] = followed(
    run('1', [{ yaml: 'a' }, { yaml: 'b' }]),
    run('2', [{ yaml: 'a' }, { yaml: 'changed' }]),
  );
  assert.deepEqual(after, before);
});

test('a new step does not change the identity of those after it', () => {
  const [before, after] = followed(
    run('1', [{ yaml: 'a' }, { yaml: 'b' }]),
    run('2', [{ yaml: 'new' }, { yaml: 'a' }, { yaml: 'b' }]),
  );
  assert.deepEqual(after?.slice(1), before);
  assert.ok(!before?.includes(after?.[0] ?? -1));
});

test('the same line twice in a section is two steps', () => {
  const [before, after] = followed(run('1', [{ yaml: 'a' }, { yaml: 'a' }]), run('2', [{ yaml: 'a' }, { yaml: 'a' }]));
  assert.equal(new Set(before).size, 2);
  assert.deepEqual(after, before);
});

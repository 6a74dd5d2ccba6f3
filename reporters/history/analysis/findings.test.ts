import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passingRun } from '../../../test/report-samples/runs.ts';
import { type HistoryRun, recordOf } from '../record.ts';
import { flakes, openFailures } from './failures.ts';
import { type LabHistory, labsOf } from './series.ts';
import { trackSteps } from './steps.ts';
import { waitTrends } from './waits.ts';

const base = recordOf(passingRun(), { id: 'x', tool: { version: '0.1.0' }, host: 'runner' });

interface Night {
  readonly failed?: boolean;
  /** Share of the deadline that was used. */
  readonly used?: number;
  readonly content?: string;
  /** The exercise was not reached. */
  readonly blocked?: boolean;
}

function lab(nights: readonly Night[]): LabHistory {
  const runs = nights.map(({ failed = false, used, content = 'c', blocked = false }, night): HistoryRun => {
    const outcome = failed ? ('failed' as const) : ('passed' as const);
    const wait = used === undefined ? {} : { wait: { deadlineMs: 1000, takenMs: 1000 * used } };
    const step = { index: 0, yaml: 'y', verb: 'ready', title: 't', outcome, durationMs: 1, ...wait };
    const status = blocked ? ('blocked' as const) : outcome;
    const exercise = { title: 'One', browser: 'firefox', status, durationMs: 1, steps: blocked ? [] : [step] };
    const startedAt = new Date(Date.UTC(2026, 0, 1 + night)).toISOString();
    const sections = [{ number: 1, title: 'S', exercises: [exercise] }];
    return { ...base, id: String(night), startedAt, lab: { ...base.lab, content }, sections };
  });
  const [found] = labsOf(runs);
  assert.ok(found);
  return found;
}

const open = (nights: readonly Night[]) => {
  const history = lab(nights);
  return openFailures(history, trackSteps(history.runs)).map(({ since, before, times }) => [
    since.id,
    before?.id,
    times,
  ]);
};
const unsteady = (nights: readonly Night[]) => {
  const history = lab(nights);
  return flakes(history, trackSteps(history.runs)).map(({ failed, reached }) => [failed, reached]);
};
const trend = (used: readonly number[]) => {
  const history = lab(used.map((share) => ({ used: share })));
  return waitTrends(history, trackSteps(history.runs))[0];
};
const good: Night = {};
const bad: Night = { failed: true };

test('a failure counts from the first of its consecutive runs, and runs that did not reach the step do not interrupt them', () => {
  assert.deepEqual(open([bad, good, bad, { blocked: true }, bad]), [['2', '1', 2]]);
  assert.deepEqual(open([good, bad, good]), []);
  assert.deepEqual(open([bad, bad]), [['0', undefined, 2]]);
});

test('a failure that comes and goes is unsteady; one that stays, or that a change of the lab fixed, is not', () => {
  assert.deepEqual(unsteady([good, bad, good, good]), [[1, 4]]);
  assert.deepEqual(unsteady([good, good, bad, bad]), []);
  assert.deepEqual(unsteady([{ failed: true, content: 'old' }, { content: 'new' }]), []);
});

test('a wait that gets slower is seen before it times out, through noise and single slow nights', () => {
  const noise = (night: number) => ((night * 7919) % 13) / 400;
  const rising = trend(
    Array.from({ length: 40 }, (_, night) => (night === 30 ? 0.95 : 0.3 + 0.01 * night + noise(night))),
  );
  assert.equal(rising?.state, 'shrinking');
  assert.ok(rising.runsLeft !== undefined && rising.runsLeft > 20 && rising.runsLeft < 40, String(rising.runsLeft));
  const flat = trend(Array.from({ length: 40 }, (_, night) => (night === 20 ? 0.9 : 0.3 + noise(night))));
  assert.equal(flat?.state, 'ample');
  assert.equal(flat.runsLeft, undefined);
});

test('a wait that is always near its deadline, or missed it, is reported even if it does not rise', () => {
  assert.equal(trend(Array.from({ length: 12 }, () => 0.9))?.state, 'short');
  assert.equal(trend([...Array.from({ length: 12 }, () => 0.2), 1.1])?.state, 'missed');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../schemas/verdict.schema.json' with { type: 'json' };
import { failingRun, interruptedRun, passingRun } from '../test/report-samples/runs.ts';
import type { Run } from './run.ts';
import { judge } from './verdict.ts';
import { verdictFile } from './verdict-file.ts';

const ANSWER = {
  step: 0,
  requests: 1,
  pod: 'shop/web-1',
  by: 'app',
  status: 200,
  through: ['mesh/gateway-1'],
  mutualTls: true,
  as: 'spiffe://cluster.local/ns/mesh/sa/gateway',
  virtualService: 'shop/web',
  matchedBy: 'request id',
} as const;

/** The run, with what the proxies told about every page. */
function answered(run: Run): Run {
  const sections = run.sections.map((section) => ({
    ...section,
    exercises: section.exercises.map((exercise) => ({
      ...exercise,
      steps: exercise.steps.map((step) => {
        if (!step.observations.some(({ kind }) => kind === 'page')) return step;
        const seen = step.observations.map((one) => (one.kind === 'page' ? { ...one, requestId: 'id-1' } : one));
        const told = { kind: 'answers', log: 'read', answers: [ANSWER], missing: 0 } as const;
        return { ...step, observations: [...seen, told] };
      }),
    })),
  }));
  return { ...run, sections };
}

test('the verdict of every kind of run fits its schema', () => {
  const fits = new Ajv2020({ strict: false }).compile(schema);
  for (const run of [passingRun(), failingRun(), interruptedRun(), answered(passingRun())])
    assert.ok(fits(verdictFile(run, judge(run))), JSON.stringify(fits.errors));
});

test('each view is joined with who answered it, by the id of its request', () => {
  const run = answered(passingRun());
  const { answered: told } = verdictFile(run, judge(run));
  assert.ok(told.length > 0);
  const { step: _index, ...answer } = ANSWER;
  for (const one of told) {
    assert.deepEqual(one.requestIds, ['id-1']);
    assert.deepEqual(one.answers, [answer]);
  }
  assert.deepEqual(new Set(told.map(({ browser }) => browser)), new Set(['firefox', 'chromium']));
});

test('a run without such logs has a verdict all the same', () => {
  const run = passingRun();
  assert.deepEqual(verdictFile(run, judge(run)).answered, []);
});

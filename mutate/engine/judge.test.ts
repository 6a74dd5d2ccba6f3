import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Lab } from '../../model/lab.ts';
import { loadLab } from '../../steps/load.ts';
import type { Mutant, Result } from '../model.ts';
import { mutantsOf } from '../mutants.ts';
import { exercisesOf, type Place } from '../places.ts';
import { resultOf } from './judge.ts';
import { mutatedLab } from './workspace.ts';

const lab = loadLab(join(import.meta.dirname, '..', '..', 'labs', 'openshift-service-mesh'));
const mutant = mutantsOf(lab).find(({ operator }) => operator === 'platform/no-dns') as Mutant;
let directory: string;
let copy: Lab;

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'lw-judge-'));
  copy = mutatedLab(lab, mutant.edit, directory);
});
after(() => rmSync(directory, { recursive: true }));

/** The result of a mutant when the step at this index of its exercise fails. */
function failedAt(index: number): Result {
  const place = exercisesOf(copy)[mutant.entry]?.[index] as Place;
  const failure = { code: 'LW-CALL-OUTCOME', message: 'no-such-host instead of 200', at: place.step.at };
  return resultOf(mutant, { kind: 'failed', place, failure }, { lab, copy, isSame: false }, 5);
}

test('a step of the lab that fails is a kill, placed in the lab itself', () => {
  const { status, killer, kill } = failedAt(1);
  assert.equal(status, 'killed');
  assert.match(killer?.at.file ?? '', /^(?!.*lw-judge).*06-/);
  assert.equal(kill?.message, 'no-such-host');
});

test('when the step that makes the mistake fails, the mutant is blocked', () => {
  const { status, reason } = failedAt(0);
  assert.equal(status, 'blocked');
  assert.match(reason ?? '', /the mistake itself could not be made: no-such-host/);
});

test('a mutant whose lab passes is equivalent if the cluster was the same; otherwise it survives and the difference is named', () => {
  const passed = (isSame: boolean): Result =>
    resultOf(mutant, { kind: 'passed' }, { lab, copy, isSame, difference: 'pods' }, 5);
  assert.equal(passed(true).status, 'equivalent');
  assert.match(passed(false).reason ?? '', /What differs on the cluster: pods/);
});

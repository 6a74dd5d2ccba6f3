import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Failure } from '../../model/evidence.ts';
import { loadLab } from '../../steps/load.ts';
import { isRight, type KillReason, type Mutant } from '../model.ts';
import { mutantsOf } from '../mutants.ts';
import { exercisesOf } from '../places.ts';
import { reasonOf } from './right-reason.ts';

const lab = loadLab(join(import.meta.dirname, '..', '..', 'labs', 'openshift-service-mesh'));
const mutants = mutantsOf(lab);
const mutant = find('routing/subset-misnamed');

function find(operator: string): Mutant {
  const found = mutants.find((one) => one.operator === operator);
  assert.ok(found, operator);
  return found;
}

/** A kill by the first step of the section, with this message. */
function killedIn(number: number, message: string, details: Failure['details'] = []): KillReason {
  const place = exercisesOf(lab)
    .flat()
    .find(({ section }) => section.number === number);
  assert.ok(place);
  return reasonOf(mutant, place.step, place.section, { code: 'LW-X', message, at: place.step.at, details });
}

test('a step of the mistake’s own section that names the wrong value is the right reason', () => {
  const reason = killedIn(mutant.section, 'no DestinationRule defines the subset v1-typo of guestbook');
  assert.ok(isRight(reason));
  assert.deepEqual(reason, { step: 'section 5', message: 'v1-typo' });
});

test('names in the cluster analysis count as named', () => {
  const details = [{ title: 'Inconsistent in project guestbook', text: 'VirtualService virtual-service-guestbook: …' }];
  assert.ok(isRight(killedIn(mutant.section, 'HTTP 503', details)));
});

test('a step elsewhere, or a message about something else, is doubtful', () => {
  assert.equal(killedIn(1, 'subset v1-typo').step, undefined);
  assert.equal(killedIn(mutant.section, 'the browser crashed').message, undefined);
});

test('a name inside another name or an address does not count', () => {
  assert.equal(killedIn(mutant.section, 'Guestbook - v10').message, undefined);
  assert.equal(killedIn(mutant.section, 'http://virtual-service-guestbook.test/ did not answer').message, undefined);
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadLab } from '../steps/load.ts';
import { planOf } from './plan.ts';

test('steps that stand for clicks are listed among the departures, unless the lab lets them be clicked', () => {
  const lab = loadLab(join(import.meta.dirname, '..', 'labs', 'openshift-service-mesh-3'));
  const clicks = planOf(lab).departures.find(({ guide }) => guide.startsWith('clicks in the web console: '));
  assert.match(clicks?.guide ?? '', /Create the gateway's Service/);
  assert.doesNotMatch(clicks?.guide ?? '', /install operator/);
  assert.match(clicks?.lab ?? '', /created through the API/);
  const typed = { ...lab, sections: lab.sections.filter(({ number }) => number === 5) };
  assert.equal(planOf(typed).departures.length, lab.departures.length);
});

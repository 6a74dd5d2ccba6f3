import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadLab } from '../steps/load.ts';
import { planOf } from './plan.ts';

test('clicks in the web console are listed among the departures', () => {
  const lab = loadLab(join(import.meta.dirname, '..', 'labs', 'openshift-service-mesh'));
  const clicks = planOf(lab).departures.find(({ guide }) => guide.startsWith('clicks in the web console: '));
  assert.match(clicks?.guide ?? '', /install operator servicemeshoperator, channel stable/);
  assert.match(clicks?.lab ?? '', /created through the API/);
  const typed = { ...lab, sections: lab.sections.filter(({ number }) => number === 5) };
  assert.equal(planOf(typed).departures.length, lab.departures.length);
});

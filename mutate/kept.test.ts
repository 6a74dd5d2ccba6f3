import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadLab } from '../steps/load.ts';
import { keptResults } from './kept.ts';
import type { Result } from './model.ts';
import { chosenOf, mutantsOf } from './mutants.ts';
import { exercisesOf } from './places.ts';
import { mutationReport } from './report/schema.ts';

const ROOT = join(import.meta.dirname, '..');
const lab = loadLab(join(ROOT, 'labs', 'openshift-service-mesh'));
/** All take effect in section 5, and are killed by the first step of their exercise. */
const mutants = chosenOf(mutantsOf(lab), { operators: ['routing/weights', 'routing/match'], sections: [5], seed: 1 });
const results = mutants.map((mutant): Result => {
  const place = exercisesOf(lab)[mutant.entry]?.[0];
  assert.ok(place);
  const { section, step, exercise } = place;
  const title = section.exercises[exercise]?.title ?? '';
  const killer = { section: section.number, exercise: title, step: step.title, verb: step.verb, at: step.at };
  return { mutant, status: 'killed', durationMs: 1, killer };
});
const report = mutationReport(lab, results, { root: ROOT, version: '0.1.0', possible: mutants.length });

/** Number of results that still count after these files changed. */
function kept(...changed: readonly string[]): number {
  const earlier = { report, root: ROOT, changed: changed.map((file) => join(ROOT, file)) };
  return keptResults(lab, mutants, earlier).filter((result) => result !== undefined).length;
}

test('if nothing has changed, all results still count, with the steps that killed them', () => {
  const again = keptResults(lab, mutants, { report, root: ROOT, changed: [] });
  assert.deepEqual(
    again.map((result) => [result?.status, result?.killer, result?.kept]),
    results.map(({ status, killer }) => [status, killer, true]),
  );
});

test('a change up to the verdict matters; a later one, or one outside the lab, does not', () => {
  assert.equal(kept('labs/openshift-service-mesh/03-guestbook.yaml'), 0);
  assert.equal(kept('labs/openshift-service-mesh/images/server.ts'), 0);
  assert.equal(kept('labs/openshift-service-mesh/06-secure-your-services.yaml'), mutants.length);
  assert.equal(kept('labs/openshift-service-mesh/README.md', 'sandbox/index.ts'), mutants.length);
});

test('a changed manifest matters to mutants that play it, and to its own', () => {
  const split = 'manifests/openshift-service-mesh/istio101/docs/plans/virtualservice-80-20.yaml';
  const weights = mutants.filter(({ operator }) => operator === 'routing/weights').length;
  assert.ok(weights > 0 && weights < mutants.length);
  assert.equal(kept(split), mutants.length - weights);
});

test('a mutant whose mistake has changed is played again', () => {
  const [first, ...others] = mutants;
  assert.ok(first);
  const changed = { ...first, edit: { ...first.edit, replacement: 'another' } };
  const again = keptResults(lab, [changed, ...others], { report, root: ROOT, changed: [] });
  assert.deepEqual(
    again.map((result) => result === undefined),
    [true, ...others.map(() => false)],
  );
});

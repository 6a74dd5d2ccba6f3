import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { schema } from 'mutation-testing-report-schema';
import { loadLab } from '../../steps/load.ts';
import type { Mutant, Result } from '../model.ts';
import { mutantsOf } from '../mutants.ts';
import { exercisesOf } from '../places.ts';
import { overview } from './overview.ts';
import { mutationPage } from './page.ts';
import { mutationReport } from './schema.ts';
import { headlineOf, tallyOf } from './tally.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const lab = loadLab(join(ROOT, 'labs', 'openshift-service-mesh'));
const mutants = mutantsOf(lab).filter(({ operator }) => /^routing\/|^guide\/left-out$/.test(operator));

function killed(mutant: Mutant): Result {
  const place = exercisesOf(lab)[mutant.entry]?.[0];
  assert.ok(place);
  const { section, step, exercise } = place;
  const title = section.exercises[exercise]?.title ?? '';
  const killer = { section: section.number, exercise: title, step: step.title, verb: step.verb, at: step.at };
  const failure = { code: 'LW-EXPECT-TEXT', message: 'it said </script><b>no</b>', at: step.at };
  return { mutant, status: 'killed', durationMs: 1_200, killer, failure, kill: { step: 'section 5', message: 'v1' } };
}

const results: readonly Result[] = mutants.map((mutant, index) =>
  index === 0 ? { mutant, status: 'survived', durationMs: 900, reason: mutant.missing } : killed(mutant),
);
const report = mutationReport(lab, results, { root: ROOT, version: '0.1.0', possible: mutants.length });

test('the report fits the schema of the mutation testing elements', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  assert.ok(ajv.validate(schema, report), JSON.stringify(ajv.errors?.slice(0, 3)));
});

test('sources are the lab’s own files, and every killing step is among the tests', () => {
  const tests = new Set(Object.values(report.testFiles).flatMap(({ tests: of }) => of.map(({ id }) => id)));
  const reported = Object.values(report.files).flatMap(({ mutants: of }) => of);
  assert.equal(reported.length, mutants.length);
  assert.ok(reported.every(({ killedBy = [] }) => killedBy.every((id) => tests.has(id))));
  assert.match(
    report.files['manifests/openshift-service-mesh/istio101/docs/plans/virtualservice-80-20.yaml']?.source ?? '',
    /weight: 80/,
  );
});

test('a survivor names the missing check', () => {
  const [survivor] = Object.values(report.files).flatMap(({ mutants: of }) =>
    of.filter((one) => one.status === 'Survived'),
  );
  assert.equal(survivor?.statusReason, mutants[0]?.missing);
  assert.equal(headlineOf(tallyOf(results)), `${mutants.length - 1} of ${mutants.length} mistakes caught`);
});

test('the page is one file that loads nothing else, whatever the results contain', () => {
  const page = mutationPage(report, 'A lab <with> "marks"', overview('A lab <with>', results, mutants.length));
  assert.equal((page.match(/<\/script>/g) ?? []).length, 2);
  assert.doesNotMatch(page, /<(?:script|link|img)[^>]+(?:src|href)=/);
  assert.match(page, /<title>A lab &#60;with&#62; &#34;marks&#34;<\/title>/);
});

test('the overview lists survivors first, and gives the reason why each kill counts', () => {
  const html = overview('A lab', results, mutants.length + 7);
  const [first = ''] = html.match(/<details open><summary>.*?<\/details>/s) ?? [];
  assert.match(first, /To review: 1/);
  assert.match(first, /not caught/);
  assert.match(html, /its message names it \(v1\)/);
  assert.match(html, new RegExp(`Only ${mutants.length} of the ${mutants.length + 7} mistakes`));
  assert.doesNotMatch(html, /<b>no<\/b>/);
});

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { apply } from '../../steps/apply.ts';
import { loadLab } from '../../steps/load.ts';
import { mutantsOf } from '../mutants.ts';
import { exercisesOf } from '../places.ts';
import { mutatedLab } from './workspace.ts';

const lab = loadLab(join(import.meta.dirname, '..', '..', 'labs', 'openshift-service-mesh-3'));
let directory: string;

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'lw-workspace-'));
});
after(() => rmSync(directory, { recursive: true }));

test('a manifest outside the lab that a step applies is changed only in the copy', () => {
  const mutant = mutantsOf(lab).find(({ edit }) => edit.file.endsWith('ingress-gateway.yaml'));
  assert.ok(mutant);
  const original = readFileSync(mutant.edit.file, 'utf8');
  const copy = mutatedLab(lab, mutant.edit, directory);
  const applied = exercisesOf(copy)
    .flat()
    .flatMap(({ step }) => (apply.owns(step) ? step.manifests : []))
    .filter(({ at }) => at.file.endsWith('ingress-gateway.yaml'));
  assert.ok(applied.length > 0);
  assert.ok(applied.every(({ at }) => readFileSync(at.file, 'utf8') !== original));
  assert.equal(readFileSync(mutant.edit.file, 'utf8'), original);
});

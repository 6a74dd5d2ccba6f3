import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { KUBERNETES_KINDS, kubernetesKinds } from './kubernetes-kinds.ts';

test('the table of built-in kinds is that of the models (npm run generate)', () => {
  assert.ok(kubernetesKinds() === readFileSync(KUBERNETES_KINDS, 'utf8'), 'language/kubernetes.generated.json is old');
});

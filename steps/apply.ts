/** `apply`: creates objects, or merges into existing ones, like Create and Save in the web console. */

import { matchObject } from '../expect/object.ts';
import type { ApiObject } from '../kube/types.ts';
import { readObject } from '../language/expectations.ts';
import type { Reading } from '../language/reading.ts';
import type { RawApply } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml-document.ts';
import type { Manifest, ObjectExpectation, Step } from '../model/lab.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { awaitObjectKind } from './kinds.ts';
import { nameOf, readManifests } from './manifest.ts';
import { defineVerb } from './verb.ts';

export interface ApplyStep extends Step {
  readonly verb: 'apply';
  readonly manifests: readonly Manifest[];
  /** A subset that the object returned by the server must match. */
  readonly expect?: ObjectExpectation;
}

export const apply = defineVerb<ApplyStep>({
  name: 'apply',
  nature: 'acts',
  read: readApply,
  variables: { manifests: 'release' },
  drifted: (step) => step,
  onCluster: applyAll,
});

function readApply(raw: RawApply, path: Path, reading: Reading): ApplyStep {
  const manifests = readManifests(raw.apply, [...path, 'apply'], reading);
  const what = manifests.map(({ object }) => `${object['kind']} ${nameOf(object)}`).join(', ');
  return {
    verb: 'apply',
    ...baseOf('apply', raw, `apply ${what}`, path, reading),
    manifests,
    ...readObject(raw.expect, [...path, 'expect'], reading),
  };
}

const KIND_TIMEOUT_MS = 30_000;

/** @throws {StepFailure} `LW-APPLY-REFUSED` with the server's message, `LW-EXPECT-OBJECT`. */
async function applyAll(step: ApplyStep, context: ClusterContext): Promise<void> {
  for (const manifest of step.manifests) {
    const object = await applyOne(step, manifest, context);
    context.observe({ kind: 'object', title: `${object.kind} ${object.metadata.name}`, object: manifest.object });
    const mismatch = step.expect === undefined ? undefined : matchObject(step.expect, object);
    if (mismatch !== undefined) {
      throw new StepFailure(
        {
          code: 'LW-EXPECT-OBJECT',
          message: mismatch.message,
          expected: mismatch.expected,
          actual: mismatch.actual,
          at: mismatch.at,
        },
        { blocks: false },
      );
    }
  }
}

async function applyOne(step: ApplyStep, manifest: Manifest, context: ClusterContext): Promise<ApiObject> {
  const { apiVersion, kind, name, namespace } = identityOf(manifest, step);
  const served = await awaitObjectKind(step, apiVersion, kind, performance.now() + KIND_TIMEOUT_MS, context);
  const scope = served.namespaced ? (namespace ?? (await context.terminal.namespace())) : undefined;
  try {
    const existing = await context.api.get(served, name, scope);
    return existing === undefined
      ? await context.api.create(served, manifest.object, scope)
      : await context.api.patch(served, name, scope, manifest.object);
  } catch (error) {
    if (context.signal.aborted) throw error;
    throw new StepFailure(
      {
        code: 'LW-APPLY-REFUSED',
        message: `the cluster refused ${kind} ${name}`,
        actual: error instanceof Error ? error.message : String(error),
        at: manifest.at,
      },
      { cause: error },
    );
  }
}

function identityOf(
  manifest: Manifest,
  step: ApplyStep,
): { apiVersion: string; kind: string; name: string; namespace?: string } {
  const { apiVersion, kind, metadata } = manifest.object;
  if (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    typeof metadata === 'object' &&
    metadata !== null &&
    'name' in metadata &&
    typeof metadata.name === 'string'
  ) {
    const namespace =
      'namespace' in metadata && typeof metadata.namespace === 'string' ? { namespace: metadata.namespace } : {};
    return { apiVersion, kind, name: metadata.name, ...namespace };
  }
  throw new StepFailure({
    code: 'LW-APPLY-REFUSED',
    message: 'a manifest needs apiVersion, kind and metadata.name',
    actual: JSON.stringify(manifest.object).slice(0, 200),
    at: step.at,
  });
}

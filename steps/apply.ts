/** `apply`: creates objects, or merges into existing ones, like Create and Save in the web console. */

import type { ApiObject } from '../kube/types.ts';
import { readObject } from '../language/expectations.ts';
import type { Reading } from '../language/reading.ts';
import type { RawApply } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml-document.ts';
import type { Manifest } from '../model/lab.ts';
import { createTasks, judgeCreated } from './apply-console.ts';
import { type ApplyStep, expectObject, identityOf } from './apply-step.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { awaitObjectKind } from './kinds.ts';
import { nameOf, readManifests } from './manifest.ts';
import { defineVerb } from './verb.ts';

export type { ApplyStep } from './apply-step.ts';

export const apply = defineVerb<ApplyStep>({
  name: 'apply',
  nature: 'acts',
  read: readApply,
  variables: { manifests: 'release' },
  drifted: (step) => step,
  onCluster: applyAll,
  inConsole: { tasks: createTasks, judge: judgeCreated },
});

function readApply(raw: RawApply, path: Path, reading: Reading): ApplyStep {
  const manifests = readManifests(raw.apply, [...path, 'apply'], reading);
  const what = manifests.map(({ object }) => `${object['kind']} ${nameOf(object)}`).join(', ');
  return {
    verb: 'apply',
    ...baseOf('apply', raw, `apply ${what}`, path, reading),
    manifests,
    ...(raw.console === undefined ? {} : { console: raw.console }),
    ...readObject(raw.expect, [...path, 'expect'], reading),
  };
}

const KIND_TIMEOUT_MS = 30_000;

/** @throws {StepFailure} `LW-APPLY-REFUSED` with the server's message, `LW-EXPECT-OBJECT`. */
async function applyAll(step: ApplyStep, context: ClusterContext): Promise<void> {
  for (const manifest of step.manifests) {
    const object = await applyOne(step, manifest, context);
    context.observe({ kind: 'object', title: `${object.kind} ${object.metadata.name}`, object: manifest.object });
    expectObject(step, object);
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

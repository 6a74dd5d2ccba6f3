/** `delete`: removes objects and waits until they are gone, finalizers included. */

import { durationOf, type Reading } from '../language/reading.ts';
import type { RawDelete } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml-document.ts';
import { formatSeconds } from '../model/duration.ts';
import type { ObjectReference, Step } from '../model/lab.ts';
import { awaitObjects, explain } from './await.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { awaitKind } from './kinds.ts';
import { namesOf, referencesOf } from './references.ts';
import { defineVerb } from './verb.ts';

export interface DeleteStep extends Step {
  readonly verb: 'delete';
  readonly targets: readonly ObjectReference[];
  readonly within: number;
}

const DEFAULT_WITHIN_MS = 120_000;

export const deleteVerb = defineVerb<DeleteStep>({
  name: 'delete',
  nature: 'acts',
  read: readDelete,
  onCluster: deleteObjects,
});

function readDelete(raw: RawDelete, path: Path, reading: Reading): DeleteStep {
  const targets = referencesOf(raw.delete, raw.namespace);
  return {
    verb: 'delete',
    ...baseOf('delete', raw, `delete ${namesOf(targets)}`, path, reading),
    targets,
    within: durationOf(raw.within, [...path, 'within'], reading, DEFAULT_WITHIN_MS),
  };
}

/** @throws {StepFailure} `LW-DELETE-MISSING` if there was nothing to delete, `LW-DELETE-TIMEOUT`. */
async function deleteObjects(step: DeleteStep, context: ClusterContext): Promise<void> {
  const deadline = performance.now() + step.within;
  for (const target of step.targets) await deleteOne(step, target, deadline, context);
}

async function deleteOne(
  step: DeleteStep,
  target: ObjectReference,
  deadline: number,
  context: ClusterContext,
): Promise<void> {
  const kind = await awaitKind(step, target.kind, deadline, context);
  const namespace = kind.namespaced ? (target.namespace ?? (await context.terminal.namespace())) : undefined;
  const what = `${kind.kind} ${target.name}`;
  if (!(await context.api.delete(kind, target.name, namespace))) {
    throw new StepFailure({
      code: 'LW-DELETE-MISSING',
      message: `there is no ${what} to delete`,
      expected: what,
      actual: 'not found',
      at: step.at,
    });
  }
  const filter = { fieldSelector: `metadata.name=${target.name}`, ...(namespace === undefined ? {} : { namespace }) };
  const { held, objects } = await awaitObjects(
    context.api,
    { kind, filter },
    { timeoutMs: deadline - performance.now(), signal: context.signal },
    (seen) => ({ held: seen.length === 0, why: `${what} still exists` }),
  );
  if (held) return;
  throw new StepFailure({
    code: 'LW-DELETE-TIMEOUT',
    message: `${what} was not gone within ${formatSeconds(step.within)}`,
    expected: 'gone',
    actual: `still there${finalizersOf(objects[0]?.metadata)}`,
    at: step.at,
    details: await explain(context.api, kind, objects),
  });
}

function finalizersOf(metadata: object | undefined): string {
  return metadata !== undefined && 'finalizers' in metadata
    ? `, held by finalizers ${JSON.stringify(metadata.finalizers)}`
    : '';
}

/** `delete`: removes objects and waits until they are gone, finalizers included. */
import type { DeleteStep, ObjectReference } from '../model/lab.ts';
import { awaitObjects, explain } from './await.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { awaitKind } from './kinds.ts';

/** @throws {StepFailure} `LW-DELETE-MISSING` when there was nothing to delete, `LW-DELETE-TIMEOUT`. */
export async function deleteObjects(step: DeleteStep, context: ClusterContext): Promise<void> {
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
    (seen) => ({ held: seen.length === 0, why: `${what} is still there` }),
  );
  if (held) return;
  throw new StepFailure({
    code: 'LW-DELETE-TIMEOUT',
    message: `${what} was not gone within ${step.within / 1_000} s`,
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

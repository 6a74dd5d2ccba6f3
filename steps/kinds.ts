/** Looks up kinds by the names people use, and waits for them: an operator may still be installing the kind. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServedKind } from '../kube/types.ts';
import type { Step } from '../model/lab.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';

const PAUSE_MS = 100;

/**
 * @throws {StepFailure} `LW-KIND-UNKNOWN` if the cluster does not serve the kind by the deadline (`performance.now()`
 * milliseconds).
 */
export async function awaitKind(
  step: Step,
  kind: string,
  deadline: number,
  context: ClusterContext,
): Promise<ServedKind> {
  return awaitServed(step, kind, deadline, context, () => context.api.resolve(kind));
}

/** Like `awaitKind`, for a manifest's `apiVersion` and `kind`. */
export async function awaitObjectKind(
  step: Step,
  apiVersion: string,
  kind: string,
  deadline: number,
  context: ClusterContext,
): Promise<ServedKind> {
  return awaitServed(step, `${apiVersion} ${kind}`, deadline, context, () =>
    context.api.resolveObject(apiVersion, kind),
  );
}

async function awaitServed(
  step: Step,
  name: string,
  deadline: number,
  context: ClusterContext,
  look: () => Promise<ServedKind | undefined>,
): Promise<ServedKind> {
  for (;;) {
    const served = await look();
    if (served !== undefined) return served;
    context.signal.throwIfAborted();
    if (performance.now() >= deadline) {
      throw new StepFailure({
        code: 'LW-KIND-UNKNOWN',
        message: `the cluster does not serve ${name}`,
        expected: `a kind that \`oc api-resources\` lists`,
        actual: 'not served',
        at: step.at,
        next: 'oc api-resources',
      });
    }
    // Discovery can't be watched.
    await sleep(PAUSE_MS, undefined, { signal: context.signal });
  }
}

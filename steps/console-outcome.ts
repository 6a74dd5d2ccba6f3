/** What clicks in the web console came to: the object that they created. */
import { matchObject } from '../expect/object.ts';
import type { ApiObject, ServedKind } from '../kube/types.ts';
import { formatSeconds } from '../model/duration.ts';
import type { JsonValue, Position, Step } from '../model/lab.ts';
import { awaitObjects } from './await.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';

export interface Clicked {
  readonly kind: ServedKind;
  readonly name: string;
  readonly namespace?: string;
}

/** The console has the API's answer before it leaves its form; the rest is for a cache on the way. */
const CREATED_WITHIN_MS = 30_000;

/** @throws {StepFailure} `LW-CONSOLE-OUTCOME` if the object does not appear. */
export async function awaitClicked(step: Step, clicked: Clicked, context: ClusterContext): Promise<ApiObject> {
  const { kind, name, namespace } = clicked;
  const outcome = await awaitObjects(
    context.api,
    { kind, filter: { ...(namespace === undefined ? {} : { namespace }), fieldSelector: `metadata.name=${name}` } },
    { timeoutMs: CREATED_WITHIN_MS, signal: context.signal },
    ([seen]) => ({ held: seen !== undefined, why: `${kind.kind} ${name} does not exist` }),
  );
  const [object] = outcome.objects;
  if (object !== undefined) return object;
  throw new StepFailure({
    code: 'LW-CONSOLE-OUTCOME',
    message: `the clicks created no ${kind.kind} ${name}`,
    expected: `${kind.kind} ${name}${namespace === undefined ? '' : ` in ${namespace}`} within ${formatSeconds(CREATED_WITHIN_MS)}`,
    actual: outcome.why,
    at: step.at,
    next: `oc get ${kind.plural} -A`,
  });
}

/** @throws {StepFailure} `LW-CONSOLE-OUTCOME` if the console created the object with other values than `wanted`. */
export function judgeObject(wanted: { readonly [key: string]: JsonValue }, object: ApiObject, at: Position): void {
  const mismatch = matchObject({ kind: 'subset', subset: wanted, at }, object);
  if (mismatch === undefined) return;
  const { message, expected, actual } = mismatch;
  const what = `the console created ${object.kind} ${object.metadata.name} otherwise than the lab says: ${message}`;
  throw new StepFailure({ code: 'LW-CONSOLE-OUTCOME', message: what, expected, actual, at });
}

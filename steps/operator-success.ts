/** Waits until an operator that was subscribed to is installed. */
import type { ApiObject, ServedKind } from '../kube/types.ts';
import { formatSeconds } from '../model/duration.ts';
import { recordAt, recordsAt, textAt } from '../model/fields.ts';
import { type Awaiting, awaitObjects, explain } from './await.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { awaitObjectKind } from './kinds.ts';
import { OLM, type OperatorStep } from './operator-step.ts';
import { readinessOf } from './readiness/index.ts';
import { describeCondition } from './readiness/verdict.ts';

/**
 * @param deadline `performance.now()` milliseconds.
 * @throws {StepFailure} `LW-OPERATOR-TIMEOUT`, `LW-OPERATOR-FAILED` with the last state of the subscription and the CSV.
 */
export async function awaitSuccess(
  step: OperatorStep,
  subscriptions: ServedKind,
  deadline: number,
  context: ClusterContext,
): Promise<void> {
  const csv = await awaitInstalledCsv(step, subscriptions, deadline, context);
  const csvs = await awaitObjectKind(step, OLM, 'ClusterServiceVersion', deadline, context);
  const outcome = await awaitObjects(
    context.api,
    { kind: csvs, filter: { namespace: step.namespace, fieldSelector: `metadata.name=${csv}` } },
    { timeoutMs: deadline - performance.now(), signal: context.signal },
    ([seen]) => {
      if (seen === undefined) return { held: false, why: `ClusterServiceVersion ${csv} does not exist` };
      const readiness = readinessOf(seen);
      if (readiness.ready) return { held: true, why: '' };
      return { held: false, failed: readiness.failed === true, why: `ClusterServiceVersion ${csv}: ${readiness.why}` };
    },
  );
  if (!outcome.held) throw notInstalled(step, outcome, await explain(context.api, csvs, outcome.objects));
  for (const object of outcome.objects)
    context.observe({
      kind: 'object',
      title: `ClusterServiceVersion ${csv}`,
      object: { metadata: { name: csv }, status: { phase: textAt(object.status, 'phase') } },
    });
}

async function awaitInstalledCsv(
  step: OperatorStep,
  kind: ServedKind,
  deadline: number,
  context: ClusterContext,
): Promise<string> {
  let installed = '';
  const outcome = await awaitObjects(
    context.api,
    { kind, filter: { namespace: step.namespace, fieldSelector: `metadata.name=${step.package}` } },
    { timeoutMs: deadline - performance.now(), signal: context.signal },
    ([seen]) => {
      installed = textAt(seen?.status, 'installedCSV') ?? '';
      return {
        held: installed !== '',
        why: seen === undefined ? `Subscription ${step.package} does not exist` : describeSubscription(seen),
      };
    },
  );
  if (!outcome.held) throw notInstalled(step, outcome, await explain(context.api, kind, outcome.objects));
  return installed;
}

function describeSubscription(subscription: ApiObject): string {
  const state = textAt(subscription.status, 'state') ?? 'not seen by OLM yet';
  const plan = textAt(recordAt(subscription.status, 'installPlanRef'), 'name');
  const conditions = recordsAt(subscription.status, 'conditions').filter((condition) => condition['status'] === 'True');
  return [
    `Subscription ${subscription.metadata.name}: ${state}`,
    ...(plan === undefined ? [] : [`install plan ${plan}`]),
    ...conditions.map(describeCondition),
  ].join('; ');
}

function notInstalled(
  step: OperatorStep,
  { failed, why }: Pick<Awaiting, 'failed' | 'why'>,
  details: readonly { readonly title: string; readonly text: string }[],
): StepFailure {
  return new StepFailure({
    code: failed ? 'LW-OPERATOR-FAILED' : 'LW-OPERATOR-TIMEOUT',
    message: failed
      ? `operator ${step.package} could not be installed`
      : `operator ${step.package} was not installed within ${formatSeconds(step.within)}`,
    expected: `a ClusterServiceVersion of ${step.package} from channel ${step.channel} in phase Succeeded`,
    actual: why,
    at: step.at,
    details,
    next: `oc describe subscription ${step.package} -n ${step.namespace}; oc get packagemanifest ${step.package} -n ${step.sourceNamespace}`,
  });
}

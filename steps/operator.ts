/**
 * `operator`: installs an operator from OperatorHub by creating the object that the web console's Install button creates, a
 * Subscription, and waits until its ClusterServiceVersion has Succeeded.
 */

import type { ApiObject, ServedKind } from '../kube/types.ts';
import { durationOf, type Reading } from '../language/reading.ts';
import type { RawOperator } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml-document.ts';
import { formatSeconds } from '../model/duration.ts';
import type { Step } from '../model/lab.ts';
import { type Awaiting, awaitObjects, explain } from './await.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { awaitObjectKind } from './kinds.ts';
import { listAt, recordAt, textAt } from './readiness/fields.ts';
import { readinessOf } from './readiness/index.ts';
import { describeCondition } from './readiness/verdict.ts';
import { type Access, defineVerb } from './verb.ts';

export interface OperatorStep extends Step {
  readonly verb: 'operator';
  readonly package: string;
  readonly channel: string;
  readonly source: string;
  readonly sourceNamespace: string;
  readonly namespace: string;
  readonly startingCsv?: string;
  readonly within: number;
}

const OLM = 'operators.coreos.com/v1alpha1';
const DEFAULT_WITHIN_MS = 600_000;

export const operator = defineVerb<OperatorStep>({
  name: 'operator',
  nature: 'acts',
  read: readOperator,
  drifted: (step, { within, channel }) => ({
    ...step,
    ...(within === undefined ? {} : { within }),
    ...(channel === undefined ? {} : { channel }),
  }),
  access: accessOf,
  onCluster: install,
});

function readOperator(raw: RawOperator, path: Path, reading: Reading): OperatorStep {
  return {
    verb: 'operator',
    ...baseOf('operator', raw, `install operator ${raw.operator}, channel ${raw.channel}`, path, reading),
    package: raw.operator,
    channel: raw.channel,
    source: raw.source ?? 'redhat-operators',
    sourceNamespace: raw.sourceNamespace ?? 'openshift-marketplace',
    namespace: raw.namespace ?? 'openshift-operators',
    ...(raw.startingCsv === undefined ? {} : { startingCsv: raw.startingCsv }),
    within: durationOf(raw.within, [...path, 'within'], reading, DEFAULT_WITHIN_MS),
  };
}

function accessOf({ namespace, sourceNamespace }: OperatorStep): Access[] {
  const group = 'operators.coreos.com';
  const own = ['create', 'get', 'watch', 'delete'].map((verb) => ({
    verb,
    group,
    resource: 'subscriptions',
    namespace,
  }));
  const csv = ['get', 'delete'].map((verb) => ({ verb, group, resource: 'clusterserviceversions', namespace }));
  const home = [
    { verb: 'create', group: '', resource: 'namespaces' },
    { verb: 'create', group, resource: 'operatorgroups', namespace },
  ];
  return [
    ...own,
    ...csv,
    ...(namespace === 'openshift-operators' ? [] : home),
    { verb: 'get', group: 'packages.operators.coreos.com', resource: 'packagemanifests', namespace: sourceNamespace },
  ];
}

/** @throws {StepFailure} `LW-OPERATOR-TIMEOUT` with the last state of the subscription and the CSV. */
async function install(step: OperatorStep, context: ClusterContext): Promise<void> {
  const deadline = performance.now() + step.within;
  await prepareNamespace(step, deadline, context);
  const subscriptions = await awaitObjectKind(step, OLM, 'Subscription', deadline, context);
  await subscribe(step, subscriptions, context);
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

async function subscribe(step: OperatorStep, kind: ServedKind, context: ClusterContext): Promise<void> {
  const spec = {
    name: step.package,
    channel: step.channel,
    source: step.source,
    sourceNamespace: step.sourceNamespace,
    installPlanApproval: 'Automatic',
    ...(step.startingCsv === undefined ? {} : { startingCSV: step.startingCsv }),
  };
  const object = {
    apiVersion: OLM,
    kind: 'Subscription',
    metadata: { name: step.package, namespace: step.namespace },
    spec,
  };
  const existing = await context.api.get(kind, step.package, step.namespace);
  if (existing === undefined) await context.api.create(kind, object, step.namespace);
  else await context.api.patch(kind, step.package, step.namespace, { spec });
  context.observe({ kind: 'object', title: `Subscription ${step.package}`, object });
}

/** The console creates a suggested namespace and its OperatorGroup if they are missing. */
async function prepareNamespace(step: OperatorStep, deadline: number, context: ClusterContext): Promise<void> {
  const namespaces = await awaitObjectKind(step, 'v1', 'Namespace', deadline, context);
  if ((await context.api.get(namespaces, step.namespace)) === undefined) {
    await context.api.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: step.namespace } });
  }
  const groups = await awaitObjectKind(step, 'operators.coreos.com/v1', 'OperatorGroup', deadline, context);
  const { items } = await context.api.list(groups, { namespace: step.namespace });
  if (items.length > 0) return;
  const group = {
    apiVersion: 'operators.coreos.com/v1',
    kind: 'OperatorGroup',
    metadata: { name: step.namespace, namespace: step.namespace },
    spec: {},
  };
  await context.api.create(groups, group, step.namespace);
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
  const conditions = listAt(subscription.status, 'conditions').filter((condition) => condition['status'] === 'True');
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

/**
 * `operator`: installs an operator from OperatorHub by creating the object that the web console's Install button creates, a
 * Subscription, and waits until its ClusterServiceVersion has Succeeded.
 */

import type { ServedKind } from '../kube/types.ts';
import { durationOf, type Reading } from '../language/reading.ts';
import type { RawOperator } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml-document.ts';
import type { ClusterContext } from './context.ts';
import { awaitObjectKind } from './kinds.ts';
import { installTasks, judgeInstallation } from './operator-console.ts';
import { OLM, type OperatorStep } from './operator-step.ts';
import { awaitSuccess } from './operator-success.ts';
import { type Access, defineVerb } from './verb.ts';

export type { OperatorStep } from './operator-step.ts';

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
  inConsole: { tasks: installTasks, judge: judgeInstallation },
});

function readOperator(raw: RawOperator, path: Path, reading: Reading): OperatorStep {
  if (raw.console !== undefined && raw.startingCsv !== undefined) {
    const message = 'the console installs the newest version of the channel; startingCsv can’t be clicked';
    reading.problem('LW-OPERATOR-CONSOLE', [...path, 'startingCsv'], message, 'either console or startingCsv');
  }
  return {
    verb: 'operator',
    ...baseOf('operator', raw, `install operator ${raw.operator}, channel ${raw.channel}`, path, reading),
    package: raw.operator,
    channel: raw.channel,
    source: raw.source ?? 'redhat-operators',
    sourceNamespace: raw.sourceNamespace ?? 'openshift-marketplace',
    namespace: raw.namespace ?? 'openshift-operators',
    ...(raw.startingCsv === undefined ? {} : { startingCsv: raw.startingCsv }),
    ...(raw.console === undefined ? {} : { console: raw.console }),
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
  await awaitSuccess(step, subscriptions, deadline, context);
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

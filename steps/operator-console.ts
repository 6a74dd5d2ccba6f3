/** `operator` with `console:`: what is clicked in OperatorHub, and whether the console subscribed to what the guide says. */
import type { ApiObject } from '../kube/types.ts';
import { isRecord, recordAt, recordsAt, textAt } from '../model/fields.ts';
import { awaitClicked, judgeObject } from './console-outcome.ts';
import type { ClusterContext } from './context.ts';
import { awaitObjectKind } from './kinds.ts';
import { OLM, type OperatorStep } from './operator-step.ts';
import { awaitSuccess } from './operator-success.ts';
import type { ConsoleTasks } from './verb.ts';

const PACKAGES = 'packages.operators.coreos.com/v1';
/** An operator that was just installed may still be adding its catalog's kinds. */
const KIND_TIMEOUT_MS = 30_000;

/** @throws {StepFailure} `LW-KIND-UNKNOWN` on a cluster without OLM. */
export async function installTasks(step: OperatorStep, context: ClusterContext): Promise<ConsoleTasks> {
  const deadline = performance.now() + KIND_TIMEOUT_MS;
  const subscriptions = await awaitObjectKind(step, OLM, 'Subscription', deadline, context);
  if ((await context.api.get(subscriptions, step.package, step.namespace)) !== undefined)
    return { why: `Subscription ${step.package} exists already, and OperatorHub offers no second one` };
  const kind = await awaitObjectKind(step, PACKAGES, 'PackageManifest', deadline, context);
  const { items } = await context.api.list(kind, { namespace: step.sourceNamespace });
  const found = items.find(
    ({ metadata, status }) => metadata.name === step.package && textAt(status, 'catalogSource') === step.source,
  );
  const { source, sourceNamespace, channel, namespace } = step;
  const title = found === undefined ? step.package : titleOf(found);
  return {
    tasks: [{ do: 'install operator', package: step.package, title, source, sourceNamespace, channel, namespace }],
  };
}

/** The display name of the newest version in the default channel. */
function titleOf({ metadata, status }: ApiObject): string {
  const channels = recordsAt(status, 'channels');
  const named = channels.find((channel) => channel['name'] === textAt(status, 'defaultChannel')) ?? channels[0];
  return textAt(recordAt(named, 'currentCSVDesc'), 'displayName') ?? metadata.name;
}

/** @throws {StepFailure} `LW-CONSOLE-OUTCOME` if the console subscribed to something else, or to nothing; as `awaitSuccess`. */
export async function judgeInstallation(step: OperatorStep, context: ClusterContext): Promise<void> {
  const deadline = performance.now() + step.within;
  const kind = await awaitObjectKind(step, OLM, 'Subscription', deadline, context);
  const { source, sourceNamespace, channel, namespace } = step;
  const object = await awaitClicked(step, { kind, name: step.package, namespace }, context);
  const spec = { name: step.package, source, sourceNamespace, channel };
  judgeObject({ spec }, object, step.at);
  const seen = isRecord(object.spec) ? object.spec : {};
  const { apiVersion, metadata } = object;
  context.observe({
    kind: 'object',
    title: `Subscription ${step.package}`,
    object: { apiVersion, kind: 'Subscription', metadata: { name: metadata.name, namespace }, spec: seen },
  });
  await awaitSuccess(step, kind, deadline, context);
}

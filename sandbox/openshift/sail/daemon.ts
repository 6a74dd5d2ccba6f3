/** Common parts of IstioCNI and ZTunnel: each has a DaemonSet that determines its readiness. */
import type { ControllerContext } from '../../client/builder.ts';
import type { DaemonSet } from '../../client/kinds.ts';
import { DAEMON_SETS, NAMESPACES } from '../../client/kinds.ts';
import { controllerReference } from '../../client/ownership.ts';
import { createOrPatch, resourceOf } from '../create-or-patch.ts';
import { nodeAgent } from './charts.ts';
import { type Findings, namespaceTrouble, reconcileError, type Trouble } from './conditions.ts';
import type { IstioCNI, ZTunnel } from './kinds.ts';
import { istioVersion, type SailState } from './state.ts';

export type NodeAgent = Parameters<typeof nodeAgent>[0];

/**
 * Creates or updates the DaemonSet.
 * @param obstacle why it cannot be installed, in the operator's words. Readiness is still checked.
 */
export async function installNodeAgent(
  context: ControllerContext,
  state: SailState,
  object: IstioCNI | ZTunnel,
  agent: NodeAgent,
  obstacle?: string,
): Promise<Findings> {
  const daemonSets = context.informers.of(DAEMON_SETS);
  return {
    Reconciled: obstacle === undefined ? await apply(context, state, object, agent) : reconcileError(obstacle),
    Ready: readiness(daemonSets.get(`${object.spec.namespace}/${agent.name}`), agent.name),
  };
}

async function apply(
  { client, informers }: ControllerContext,
  { figures }: SailState,
  object: IstioCNI | ZTunnel,
  agent: NodeAgent,
): Promise<Trouble | undefined> {
  const { namespace, version } = object.spec;
  const trouble = namespaceTrouble(informers.of(NAMESPACES).get(namespace), namespace);
  if (trouble !== undefined) return trouble;
  try {
    const wanted = nodeAgent(agent, namespace, istioVersion(figures, version), controllerReference(object));
    const [account, daemonSet] = wanted;
    await createOrPatch(client, resourceOf(account), account);
    await createOrPatch(client, DAEMON_SETS, daemonSet);
    return undefined;
  } catch (error) {
    return reconcileError(error instanceof Error ? error.message : String(error));
  }
}

function readiness(daemonSet: DaemonSet | undefined, name: string): Trouble | undefined {
  const trouble = (message: string): Trouble => ({ reason: 'DaemonSetNotReady', message });
  if (daemonSet === undefined) return trouble(`${name} DaemonSet not found`);
  const scheduled = Number(daemonSet.status?.['currentNumberScheduled'] ?? 0);
  if (scheduled === 0) return trouble(`no ${name} pods are currently scheduled`);
  return Number(daemonSet.status?.['numberReady'] ?? 0) >= scheduled
    ? undefined
    : trouble(`not all ${name} pods are ready`);
}

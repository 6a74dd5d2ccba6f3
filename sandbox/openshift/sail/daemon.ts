/** What IstioCNI and ZTunnel have in common: a DaemonSet in a namespace of theirs, whose readiness is theirs. */
import type { ControllerContext } from '../../client/builder.ts';
import type { DaemonSet } from '../../client/kinds.ts';
import { DAEMON_SETS, NAMESPACES } from '../../client/kinds.ts';
import { controllerReference } from '../../client/ownership.ts';
import { createOrPatch, resourceOf } from '../create-or-patch.ts';
import { nodeAgent } from './charts.ts';
import { type Findings, failed, type Trouble } from './conditions.ts';
import type { IstioCNI, ZTunnel } from './kinds.ts';
import { istioVersion, type SailState } from './state.ts';

export type NodeAgent = Parameters<typeof nodeAgent>[0];

/** Brings the DaemonSet to its wanted state and says how it is. */
export async function installNodeAgent(
  { client, informers }: ControllerContext,
  { figures }: SailState,
  object: IstioCNI | ZTunnel,
  agent: NodeAgent,
): Promise<Findings> {
  const { namespace, version } = object.spec;
  if (informers.of(NAMESPACES).get(namespace) === undefined) return failed(`namespace "${namespace}" doesn't exist`);
  try {
    const wanted = nodeAgent(agent, namespace, istioVersion(figures, version), controllerReference(object));
    const [account, daemonSet] = wanted;
    await createOrPatch(client, resourceOf(account), account);
    await createOrPatch(client, DAEMON_SETS, daemonSet);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  return {
    Reconciled: undefined,
    Ready: readiness(informers.of(DAEMON_SETS).get(`${namespace}/${agent.name}`), agent.name),
  };
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

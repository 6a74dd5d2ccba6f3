/** ZTunnel: the node proxy of ambient mode. The sandbox has no ambient data plane, so the DaemonSet is a placeholder. */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { canonical } from '../../client/hash.ts';
import { DAEMON_SETS, NAMESPACES } from '../../client/kinds.ts';
import { putStatus } from '../create-or-patch.ts';
import { statusOf } from './conditions.ts';
import { installNodeAgent } from './daemon.ts';
import { withFinalizer } from './finalizer.ts';
import { ISTIO_REVISIONS, ISTIOS, type ZTunnel, ztunnels } from './kinds.ts';
import type { SailState } from './state.ts';
import { revisionOfTarget } from './target.ts';

const AGENT = { name: 'ztunnel', program: 'ztunnel', container: 'istio-proxy' } as const;

export function startZtunnels(context: ControllerContext, state: SailState): RunningController {
  const { client, informers } = context;
  const kind = ztunnels(state.figures.ztunnel[0] ?? 'v1');
  const all = (): string[] => ['default'];
  const reconcile = async (ztunnel: ZTunnel): Promise<void> => {
    const { targetRef } = ztunnel.spec;
    const target = targetRef && revisionOfTarget(targetRef, informers);
    const obstacle = typeof target === 'string' ? target : undefined;
    const findings = await installNodeAgent(context, state, ztunnel, AGENT, obstacle);
    const status = statusOf(ztunnel.status, ztunnel.metadata.generation, findings, state.figures);
    const next = { ...status, ...(typeof target === 'object' ? { istioRevision: target.metadata.name } : {}) };
    if (canonical(next) !== canonical(ztunnel.status ?? {})) await putStatus(client, kind, ztunnel, next);
  };
  return controllerFor(context, 'ztunnel-controller', kind)
    .watches(DAEMON_SETS, all, { when: ({ object }) => object.metadata.name === AGENT.name })
    .watches(NAMESPACES, all, { when: ({ type }) => type !== 'modified' })
    .watches(ISTIOS, all)
    .watches(ISTIO_REVISIONS, all)
    .reconciles(withFinalizer(client, kind, reconcile));
}

/** IstioCNI: the plugin on every node, and the network attachment that pods with a proxy refer to. */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { canonical } from '../../client/hash.ts';
import { DAEMON_SETS, NAMESPACES } from '../../client/kinds.ts';
import { controllerReference } from '../../client/ownership.ts';
import { createOrPatch, putStatus } from '../create-or-patch.ts';
import { NETWORK_ATTACHMENTS } from '../kinds.ts';
import { statusOf } from './conditions.ts';
import { installNodeAgent } from './daemon.ts';
import { withFinalizer } from './finalizer.ts';
import { ISTIO_CNIS, type IstioCNI } from './kinds.ts';
import type { SailState } from './state.ts';

const AGENT = { name: 'istio-cni-node', program: 'cni', container: 'install-cni' } as const;

export function startIstioCni(context: ControllerContext, state: SailState): RunningController {
  const { client } = context;
  const all = (): string[] => ['default'];
  const reconcile = async (cni: IstioCNI): Promise<void> => {
    const findings = await installNodeAgent(context, state, cni, AGENT);
    if (findings['Reconciled'] === undefined) {
      const { apiVersion, kind } = NETWORK_ATTACHMENTS;
      const metadata = { name: 'istio-cni', namespace: 'default', ownerReferences: [controllerReference(cni)] };
      await createOrPatch(client, NETWORK_ATTACHMENTS, { apiVersion, kind, metadata });
    }
    const status = statusOf(cni.status, cni.metadata.generation, findings, state.figures);
    if (canonical(status) !== canonical(cni.status ?? {})) await putStatus(client, ISTIO_CNIS, cni, status);
  };
  return controllerFor(context, 'istiocni-controller', ISTIO_CNIS)
    .watches(DAEMON_SETS, all, { when: ({ object }) => object.metadata.name === AGENT.name })
    .watches(NAMESPACES, all, { when: ({ type }) => type !== 'modified' })
    .reconciles(withFinalizer(client, ISTIO_CNIS, reconcile));
}

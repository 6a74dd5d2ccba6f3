/** The Service Mesh operator. It and its controllers run while its ClusterServiceVersion has succeeded. */

import { controllerFor, type RunningController } from '../../client/builder.ts';
import type { Component, SandboxContext } from '../../component.ts';
import { istioRelease } from '../../mesh/model/release.ts';
import { createAggregatedRoles } from '../aggregated-roles.ts';
import { istioCrds } from '../istio/crds.ts';
import { type ClusterServiceVersion, CSVS } from '../kinds.ts';
import type { MeshFigures } from '../release.ts';
import { installCrds, readCrds } from '../schemas.ts';
import { registerOperatorWebhooks, removeOperatorWebhooks } from './admission.ts';
import { startControlPlanes } from './controlplane.ts';
import { startIor } from './ior.ts';
import { istioValidation } from './istio-validation.ts';
import { startMembers } from './member.ts';
import { startMemberRolls } from './memberroll.ts';
import { OperatorState } from './operator-state.ts';
import type { WebhookServer } from './webhook-server.ts';

const PACKAGE = 'servicemeshoperator.';
/** The API groups that project administrators may manage in their projects. */
const ISTIO = ['networking.istio.io', 'security.istio.io'].map((group) => ({ group, resources: ['*'] }));

const CONTROLLERS: readonly ((context: SandboxContext, state: OperatorState) => RunningController)[] = [
  startControlPlanes,
  startMemberRolls,
  startMembers,
  startIor,
];

export function startServiceMeshOperator(
  context: SandboxContext,
  figures: MeshFigures,
  webhooks: WebhookServer,
): Component {
  const { client, informers } = context;
  const state = new OperatorState(figures, webhooks, istioValidation(context.settings.istiod));
  const parts: RunningController[] = [];
  const sync = async (): Promise<void> => {
    const present = informers.of(CSVS).list().find(isOperator);
    const running = present?.status?.phase === 'Succeeded';
    if (running === state.running) return;
    if (running) {
      // The real operator also does this when it starts. The kinds must be served before their informers start.
      await installCrds(client, istioCrds(await readCrds('istio'), istioRelease(figures.chartVersion).minor));
      await createAggregatedRoles(client, 'istio', ISTIO);
      await registerOperatorWebhooks(client, webhooks, figures);
      if (parts.length === 0) parts.push(...CONTROLLERS.map((start) => start(context, state)));
    } else if (present === undefined) {
      await removeOperatorWebhooks(client);
    }
    state.running = running;
  };
  const controller = controllerFor(context, 'istio-operator', CSVS, {
    when: ({ object }) => isOperator(object),
  }).reconciles({ present: sync, deleting: sync, gone: sync });
  return {
    name: 'istio-operator',
    stop: async () => {
      await controller.stop();
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}

function isOperator({ metadata }: ClusterServiceVersion): boolean {
  return metadata.name.startsWith(PACKAGE) && metadata.labels?.['olm.copiedFrom'] === undefined;
}

/** The Service Mesh operator: runs while its ClusterServiceVersion has Succeeded, and brings its controllers with it. */

import { Controller } from '../../client/controller.ts';
import type { Informers } from '../../client/informers.ts';
import type { Component, SandboxContext } from '../../component.ts';
import { CSVS } from '../kinds.ts';
import type { MeshFigures, Release } from '../release.ts';
import { installCrds } from '../schemas.ts';
import { registerOperatorWebhooks, removeOperatorWebhooks } from './admission.ts';
import { startControlPlanes } from './controlplane.ts';
import { startIor } from './ior.ts';
import { startMembers } from './member.ts';
import { startMemberRolls } from './memberroll.ts';
import type { WebhookServer } from './webhook-server.ts';

const PACKAGE = 'servicemeshoperator.';

/** What the operator's controllers share. */
export class OperatorState {
  readonly figures: MeshFigures;
  readonly webhooks: WebhookServer;
  readonly #listeners = new Set<() => void>();
  #running = false;

  constructor(figures: MeshFigures, webhooks: WebhookServer) {
    this.figures = figures;
    this.webhooks = webhooks;
  }

  get running(): boolean {
    return this.#running;
  }

  set running(running: boolean) {
    this.#running = running;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }
}

export function startServiceMeshOperator(
  context: SandboxContext,
  informers: Informers,
  release: Release,
  webhooks: WebhookServer,
): Component {
  const { client } = context;
  const csvs = informers.of(CSVS);
  const state = new OperatorState(release.mesh, webhooks);
  const parts: Component[] = [];
  const controller = new Controller(
    async () => {
      const present = csvs
        .list()
        .find(({ metadata }) => metadata.name.startsWith(PACKAGE) && metadata.labels?.['olm.copiedFrom'] === undefined);
      const running = present?.status?.phase === 'Succeeded';
      if (running === state.running) return;
      if (running) {
        // As the real operator does when it starts. The kinds must be served before their informers begin.
        await installCrds(client, 'istio');
        await registerOperatorWebhooks(client, webhooks, release.mesh);
        if (parts.length === 0) parts.push(...startParts(context, informers, state));
      } else if (present === undefined) {
        await removeOperatorWebhooks(client);
      }
      state.running = running;
    },
    (_, error) => context.log('istio-operator', String(error)),
  );
  csvs.onChange(({ object }) => {
    if (object.metadata.name.startsWith(PACKAGE)) controller.enqueue('operator');
  });
  return {
    name: 'istio-operator',
    stop: async () => {
      await controller.stop();
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}

function startParts(context: SandboxContext, informers: Informers, state: OperatorState): Component[] {
  return [
    startControlPlanes(context, informers, state),
    startMemberRolls(context, informers, state),
    startMembers(context, informers, state),
    startIor(context, informers, state),
  ];
}

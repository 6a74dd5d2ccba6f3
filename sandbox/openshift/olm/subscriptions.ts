/** The catalog operator: resolves the Subscriptions of a namespace together and creates their InstallPlan. */

import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import type { Client } from '../../client/client.ts';
import { condition, now, withCondition, withoutCondition } from '../../client/conditions.ts';
import { EventRecorder } from '../../client/events.ts';
import { canonical, randomName } from '../../client/hash.ts';
import { type Condition, NAMESPACES } from '../../client/kinds.ts';
import { putStatus } from '../create-or-patch.ts';
import { CATALOG, CATALOG_NAMESPACE } from '../fresh.ts';
import {
  type ClusterServiceVersion,
  CSVS,
  INSTALL_PLANS,
  type InstallPlan,
  SUBSCRIPTIONS,
  type Subscription,
} from '../kinds.ts';
import type { Release } from '../release.ts';
import { resolve } from './resolve.ts';

interface Candidate {
  subscription: Subscription;
  csv: string;
}

export function startSubscriptions(context: ControllerContext, release: Release): RunningController {
  const { client, informers } = context;
  const subscriptions = informers.of(SUBSCRIPTIONS);
  const csvs = informers.of(CSVS);
  const resolver = new Resolver(client, release);
  return controllerFor(context, 'catalog-operator', NAMESPACES, { when: () => false })
    .watches(SUBSCRIPTIONS, ({ object }) => [object.metadata.namespace ?? ''])
    .watches(CSVS, ({ object }) => [object.metadata.namespace ?? ''], {
      when: ({ object, before, type }) =>
        subscriptions.list(object.metadata.namespace).length > 0 &&
        (type !== 'modified' || before?.status?.phase !== object.status?.phase),
    })
    .reconciles(async ({ metadata: { name: namespace } }) => {
      // Read the objects from the API, because the informer may not have the latest status yet.
      const { items } = await client.list(SUBSCRIPTIONS, { namespace });
      const present = items.filter((one) => one.metadata.deletionTimestamp === undefined);
      const own = csvs.list(namespace).filter((csv) => csv.metadata.labels?.['olm.copiedFrom'] === undefined);
      await resolver.resolveNamespace(namespace, present, own);
    });
}

class Resolver {
  readonly #client: Client;
  readonly #release: Release;
  readonly #events: EventRecorder;

  constructor(client: Client, release: Release) {
    this.#client = client;
    this.#release = release;
    this.#events = new EventRecorder(client, 'operator-lifecycle-manager');
  }

  async resolveNamespace(
    namespace: string,
    subscriptions: Subscription[],
    csvs: readonly ClusterServiceVersion[],
  ): Promise<void> {
    const candidates: Candidate[] = [];
    const failures: string[] = [];
    for (const subscription of subscriptions) {
      const { status } = subscription;
      const installed = csvs.find((csv) => csv.metadata.name === status?.currentCSV);
      // An InstallPlan is in progress: wait for its CSV.
      if (status?.currentCSV !== undefined && installed === undefined) continue;
      const resolution = resolve(this.#release, subscription, installed?.metadata.name);
      if (resolution.kind === 'unsatisfiable') failures.push(resolution.message);
      else if (resolution.kind === 'latest') await this.#settled(subscription, 'AtLatestKnown');
      else if (installed === undefined) candidates.push({ subscription, csv: resolution.csv });
      else if (installed.status?.phase === 'Succeeded') candidates.push({ subscription, csv: resolution.csv });
      else await this.#settled(subscription, 'UpgradeAvailable');
    }
    // One Subscription that cannot be satisfied blocks all others in the namespace.
    if (failures.length > 0) return this.#fail(namespace, subscriptions, failures[0] ?? '');
    for (const approval of ['Automatic', 'Manual']) {
      const group = candidates.filter(
        ({ subscription }) => (subscription.spec.installPlanApproval || 'Automatic') === approval,
      );
      if (group.length > 0) await this.#plan(namespace, group, approval, csvs.length);
    }
  }

  async #settled(subscription: Subscription, state: string): Promise<void> {
    const { status = {} } = subscription;
    await this.#write(subscription, {
      ...status,
      state,
      ...(status.currentCSV === undefined ? {} : { installedCSV: status.currentCSV }),
    });
  }

  async #fail(namespace: string, subscriptions: readonly Subscription[], message: string): Promise<void> {
    for (const subscription of subscriptions) {
      const failed: Condition = {
        type: 'ResolutionFailed',
        status: 'True',
        reason: 'ConstraintsNotSatisfiable',
        message,
      };
      const conditions = withCondition(healthy(subscription), failed);
      if (condition(subscription.status?.conditions, 'ResolutionFailed')?.message === message) continue;
      await this.#write(subscription, { ...subscription.status, conditions });
    }
    const object = await this.#client.find(NAMESPACES, namespace);
    if (object !== undefined) this.#events.emit(object, 'Warning', 'ResolutionFailed', message);
  }

  async #plan(namespace: string, group: readonly Candidate[], approval: string, generation: number): Promise<void> {
    const client = this.#client;
    const plan: InstallPlan = await client.create(INSTALL_PLANS, {
      apiVersion: INSTALL_PLANS.apiVersion,
      kind: INSTALL_PLANS.kind,
      metadata: {
        name: `install-${randomName()}`,
        namespace,
        labels: Object.fromEntries(group.map(({ subscription }) => [operatorLabel(subscription), ''])),
        ownerReferences: group.map(({ subscription }) => ({
          apiVersion: SUBSCRIPTIONS.apiVersion,
          kind: SUBSCRIPTIONS.kind,
          name: subscription.metadata.name,
          uid: subscription.metadata.uid ?? '',
          controller: false,
          blockOwnerDeletion: false,
        })),
      },
      spec: {
        approval,
        approved: approval === 'Automatic',
        clusterServiceVersionNames: group.map(({ csv }) => csv),
        generation: generation + 1,
      },
    });
    const { name, uid = '', resourceVersion = '' } = plan.metadata;
    const { apiVersion, kind } = INSTALL_PLANS;
    for (const { subscription, csv } of group) {
      await client.patch(SUBSCRIPTIONS, subscription.metadata.name, namespace, {
        metadata: { labels: { [operatorLabel(subscription)]: '' } },
      });
      await this.#write(subscription, {
        ...subscription.status,
        state: 'UpgradePending',
        currentCSV: csv,
        installPlanGeneration: generation + 1,
        installPlanRef: { apiVersion, kind, name, namespace, uid, resourceVersion },
        installplan: { apiVersion, kind, name, uuid: uid },
        conditions: withoutCondition(healthy(subscription), 'ResolutionFailed'),
      });
    }
  }

  async #write(subscription: Subscription, status: NonNullable<Subscription['status']>): Promise<void> {
    const next: NonNullable<Subscription['status']> = {
      catalogHealth: [catalogHealth()],
      conditions: healthy(subscription),
      ...status,
    };
    if (canonical(withoutTimes(subscription.status)) === canonical(withoutTimes(next))) return;
    await putStatus(this.#client, SUBSCRIPTIONS, subscription, { ...next, lastUpdated: now() });
  }
}

/** OLM's label for the objects of an operator: the package and namespace, in at most 63 characters. */
export function operatorLabel(subscription: Subscription): string {
  return `operators.coreos.com/${`${subscription.spec.name}.${subscription.metadata.namespace}`.slice(0, 63)}`;
}

function healthy(subscription: Subscription): Condition[] {
  return withCondition(subscription.status?.conditions ?? [], {
    type: 'CatalogSourcesUnhealthy',
    status: 'False',
    reason: 'AllCatalogSourcesHealthy',
    message: 'all available catalogsources are healthy',
  });
}

function withoutTimes(status: Subscription['status']): object {
  const { lastUpdated: _, catalogHealth: __, ...rest } = status ?? {};
  return rest;
}

function catalogHealth(): object {
  const catalogSourceRef = {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'CatalogSource',
    name: CATALOG,
    namespace: CATALOG_NAMESPACE,
  };
  return { catalogSourceRef, healthy: true, lastUpdated: now() };
}

/** InstallPlans: creates the bundle's CRDs, accounts and ClusterServiceVersions after approval. */

import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import type { Client } from '../../client/client.ts';
import { withCondition } from '../../client/conditions.ts';
import { type Informer, keyOf } from '../../client/informer.ts';
import { type AnyObject, CRDS, SERVICE_ACCOUNTS } from '../../client/kinds.ts';
import { createOrPatch, putStatus } from '../create-or-patch.ts';
import { CATALOG, CATALOG_NAMESPACE } from '../fresh.ts';
import { CSVS, INSTALL_PLANS, type InstallPlan, OPERATOR_GROUPS, type OperatorGroup, type PlanStep } from '../kinds.ts';
import type { Release } from '../release.ts';
import { crdsOfBundle, installCrds } from '../schemas.ts';
import { csvOf } from './manifests.ts';

const NO_GROUP = 'no operator group found that is managing this namespace';

export function startInstallPlans(context: ControllerContext, release: Release): RunningController {
  const { informers } = context;
  const installer = new Installer(context, release);
  return controllerFor(context, 'install-plans', INSTALL_PLANS)
    .watches(OPERATOR_GROUPS, ({ object }) => informers.of(INSTALL_PLANS).list(object.metadata.namespace).map(keyOf))
    .reconciles((plan) => installer.advance(plan));
}

class Installer {
  readonly #client: Client;
  readonly #groups: Informer<OperatorGroup>;
  readonly #release: Release;

  constructor({ client, informers }: ControllerContext, release: Release) {
    this.#client = client;
    this.#groups = informers.of(OPERATOR_GROUPS);
    this.#release = release;
  }

  /** Advances by one phase. */
  async advance(plan: InstallPlan): Promise<void> {
    const phase = plan.status?.phase;
    if (phase === undefined) return this.#write(plan, { phase: 'Planning', catalogSources: [CATALOG] });
    if (phase === 'Planning' || (phase === 'RequiresApproval' && plan.spec.approved)) {
      const steps = await planSteps(plan, this.#release, 'Unknown');
      const next = plan.spec.approved ? 'Installing' : 'RequiresApproval';
      return this.#write(plan, { ...plan.status, phase: next, plan: steps });
    }
    if (phase !== 'Installing') return;
    if (this.#groups.list(plan.metadata.namespace).length > 0) await this.#install(plan);
    else if (plan.status?.['message'] !== NO_GROUP) await this.#refuse(plan);
  }

  async #refuse(plan: InstallPlan): Promise<void> {
    const conditions = withCondition(plan.status?.conditions ?? [], {
      type: 'Installed',
      status: 'False',
      reason: 'InstallCheckFailed',
      message: NO_GROUP,
    });
    await this.#write(plan, { ...plan.status, message: NO_GROUP, conditions });
  }

  async #install(plan: InstallPlan): Promise<void> {
    const namespace = plan.metadata.namespace ?? '';
    const labels = Object.keys(plan.metadata.labels ?? {});
    for (const name of plan.spec.clusterServiceVersionNames) {
      const entry = this.#release.csvs[name];
      if (entry === undefined) continue;
      await installCrds(this.#client, await crdsOfBundle(entry, this.#release));
      const own = labels.find((one) => belongs(one, name, this.#release)) ?? labels[0] ?? '';
      const csv = await createOrPatch(this.#client, CSVS, await csvOf(name, namespace, this.#release, own));
      await createOrPatch<AnyObject>(this.#client, SERVICE_ACCOUNTS, serviceAccountOf(entry.deployment, csv));
    }
    const conditions = withCondition([], { type: 'Installed', status: 'True' }, true);
    const { message: _, ...status } = plan.status ?? {};
    const steps = await planSteps(plan, this.#release, 'Created');
    await this.#write(plan, { ...status, phase: 'Complete', plan: steps, conditions });
  }

  async #write(plan: InstallPlan, status: object): Promise<void> {
    await putStatus(this.#client, INSTALL_PLANS, plan, status);
  }
}

/** A ServiceAccount owned by the CSV, as everything that OLM installs in the operator's namespace. */
function serviceAccountOf(name: string, csv: Pick<AnyObject, 'metadata'>): AnyObject {
  const { namespace, uid = '' } = csv.metadata;
  const owner = { apiVersion: CSVS.apiVersion, kind: CSVS.kind, name: csv.metadata.name, uid };
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ownerReferences: [{ ...owner, controller: false, blockOwnerDeletion: false }],
    },
  };
}

/** Whether an operator label belongs to the package that offers this CSV. */
function belongs(label: string, csv: string, release: Release): boolean {
  const owner = release.packages.find((one) => Object.values(one.channels).some((names) => names.includes(csv)));
  return owner !== undefined && label.startsWith(`operators.coreos.com/${owner.name}.`);
}

async function planSteps(plan: InstallPlan, release: Release, status: string): Promise<PlanStep[]> {
  const steps: PlanStep[] = [];
  const step = (resolving: string, group: string, version: string, kind: string, name: string): void => {
    const source = { sourceName: CATALOG, sourceNamespace: CATALOG_NAMESPACE };
    steps.push({ resolving, status, resource: { group, version, kind, name, manifest: '', ...source } });
  };
  for (const name of plan.spec.clusterServiceVersionNames) {
    const entry = release.csvs[name];
    if (entry === undefined) continue;
    step(name, 'operators.coreos.com', 'v1alpha1', CSVS.kind, name);
    for (const crd of await crdsOfBundle(entry, release))
      step(name, 'apiextensions.k8s.io', 'v1', CRDS.kind, crd.metadata.name);
    step(name, '', 'v1', 'ServiceAccount', entry.deployment);
  }
  return steps;
}

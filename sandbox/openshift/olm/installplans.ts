/** InstallPlans: after approval, the CRDs, accounts and ClusterServiceVersions of the bundle. */

import { withCondition } from '../../client/conditions.ts';
import { Controller } from '../../client/controller.ts';
import { keyOf } from '../../client/informer.ts';
import type { Informers } from '../../client/informers.ts';
import { type AnyObject, SERVICE_ACCOUNTS } from '../../client/kinds.ts';
import type { Component, SandboxContext } from '../../component.ts';
import { ensure, putStatus } from '../create-or-patch.ts';
import { CATALOG, CATALOG_NAMESPACE } from '../fresh.ts';
import { CRDS, CSVS, INSTALL_PLANS, type InstallPlan, OPERATOR_GROUPS, type PlanStep } from '../kinds.ts';
import type { Release } from '../release.ts';
import { installCrds, readCrds } from '../schemas.ts';
import { csvOf } from './manifests.ts';

const NO_GROUP = 'no operator group found that is managing this namespace';

export function startInstallPlans(context: SandboxContext, informers: Informers, release: Release): Component {
  const { client } = context;
  const plans = informers.of(INSTALL_PLANS);
  const groups = informers.of(OPERATOR_GROUPS);
  const controller = new Controller(
    async (key) => {
      await groups.start();
      const plan = plans.get(key);
      if (plan === undefined || plan.metadata.deletionTimestamp !== undefined) return;
      const phase = plan.status?.phase;
      if (phase === undefined) return write(plan, { phase: 'Planning', catalogSources: [CATALOG] });
      if (phase === 'Planning' || (phase === 'RequiresApproval' && plan.spec.approved)) {
        const steps = await planSteps(plan, release, 'Unknown');
        return write(plan, {
          ...plan.status,
          phase: plan.spec.approved ? 'Installing' : 'RequiresApproval',
          plan: steps,
        });
      }
      if (phase !== 'Installing') return;
      if (groups.list(plan.metadata.namespace).length === 0) {
        const conditions = withCondition(plan.status?.conditions ?? [], {
          type: 'Installed',
          status: 'False',
          reason: 'InstallCheckFailed',
          message: NO_GROUP,
        });
        if (plan.status?.['message'] !== NO_GROUP) await write(plan, { ...plan.status, message: NO_GROUP, conditions });
        return;
      }
      await install(plan);
    },
    (key, error) => context.log('catalog-operator', `install plan ${key}: ${error}`),
  );
  const write = async (plan: InstallPlan, status: object): Promise<void> => {
    await putStatus(client, INSTALL_PLANS, plan, status);
  };
  const install = async (plan: InstallPlan): Promise<void> => {
    const namespace = plan.metadata.namespace ?? '';
    const [label = ''] = Object.keys(plan.metadata.labels ?? {});
    for (const name of plan.spec.clusterServiceVersionNames) {
      const entry = release.csvs[name];
      if (entry === undefined) continue;
      await installCrds(client, entry.crds);
      const own = Object.keys(plan.metadata.labels ?? {}).find((one) => belongs(one, name, release)) ?? label;
      const csv = await ensure(client, CSVS, await csvOf(name, namespace, entry, own));
      await ensure<AnyObject>(client, SERVICE_ACCOUNTS, serviceAccountOf(entry.deployment, csv));
    }
    const conditions = withCondition([], { type: 'Installed', status: 'True' }, true);
    const { message: _, ...status } = plan.status ?? {};
    await write(plan, { ...status, phase: 'Complete', plan: await planSteps(plan, release, 'Created'), conditions });
  };
  plans.onChange(({ type, object }) => {
    if (type !== 'deleted') controller.enqueue(keyOf(object));
  });
  groups.onChange(({ object }) => {
    for (const plan of plans.list(object.metadata.namespace)) controller.enqueue(keyOf(plan));
  });
  return { name: 'install-plans', stop: () => controller.stop() };
}

/** Goes with the operator, as all that OLM installs in its namespace. */
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

/** Whether the operator label is that of the package which offers this CSV. */
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
    for (const crd of await readCrds(entry.crds))
      step(name, 'apiextensions.k8s.io', 'v1', CRDS.kind, crd.metadata.name);
    step(name, '', 'v1', 'ServiceAccount', entry.deployment);
  }
  return steps;
}

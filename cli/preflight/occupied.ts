/** Objects on the cluster that are in the lab's way, and who owns them. */

import { RUN_LABEL } from '../../guard/ledger/replica.ts';
import type { ApiObject, KubernetesApi } from '../../kube/api.ts';
import { objectIn } from '../../kube/objects.ts';
import { numberAt, textAt } from '../../model/fields.ts';

import { type Finding, ok, problem, warning } from '../doctor/finding.ts';
import { listAll, look, unlessRefused } from './cluster.ts';
import type { Needs } from './needs.ts';

/** @param adopt existing objects may be used, and are restored afterwards. */
export async function occupiedFindings(api: KubernetesApi, needs: Needs, adopt: boolean): Promise<Finding[]> {
  const left = await leftOver(api);
  if (left.length > 0) return left;
  const groups = await Promise.all([
    projectFindings(api, needs, adopt),
    operatorFindings(api, needs, adopt),
    meshFindings(api, needs, adopt),
  ]);
  return groups.flat();
}

/** Objects that another Labwright run holds, or left when it was interrupted. */
async function leftOver(api: KubernetesApi): Promise<Finding[]> {
  const held = await unlessRefused(api.raw('/apis/coordination.k8s.io/v1/namespaces/default/leases/labwright'));
  const holderIdentity = textAt(held, 'spec', 'holderIdentity') ?? '';
  const renewed = Date.parse(textAt(held, 'spec', 'renewTime') ?? '');
  const isFresh = renewed + (numberAt(held, 'spec', 'leaseDurationSeconds') ?? 0) * 1_000 > Date.now();
  if (holderIdentity !== '' && isFresh)
    return [
      problem('held', `Another run plays on this cluster: ${holderIdentity}`, 'every section', 'wait until it ends'),
    ];
  const path = `/api/v1/namespaces/default/secrets?labelSelector=${encodeURIComponent(RUN_LABEL)}`;
  const items = (await unlessRefused(api.listAt(path))) ?? [];
  const runs = new Set(items.flatMap(({ metadata }) => metadata.labels?.[RUN_LABEL] ?? []));
  return [...runs].map((run) => {
    const what = `An interrupted Labwright run has left objects here (run ${run})`;
    return problem(`left-${run}`, what, 'every section', 'npx labwright cleanup --kubeconfig F');
  });
}

async function projectFindings(api: KubernetesApi, { projects }: Needs, adopt: boolean): Promise<Finding[]> {
  const findings = await Promise.all(
    projects.map(async ({ name, section }) => {
      const { found, refused } = await look(api.raw(`/api/v1/namespaces/${name}`));
      if (refused) {
        const unseen = `Whether the project ${name} exists can’t be checked`;
        return [
          warning(`project-${name}`, unseen, `section ${section} creates it`, 'use a user who may read namespaces'),
        ];
      }
      if (found === undefined) return [];
      const what = `The project ${name} exists already${whose(objectIn(found))}`;
      return [
        inTheWay(
          adopt,
          `project-${name}`,
          what,
          `section ${section} creates it`,
          `oc delete project ${name}, or --adopt`,
        ),
      ];
    }),
  );
  const all = findings.flat();
  return all.length > 0 || projects.length === 0
    ? all
    : [ok('projects', `None of the lab’s projects exists: ${projects.map(({ name }) => name).join(', ')}`)];
}

/** An operator that others use must not be installed by the lab: its steps would change it. */
async function operatorFindings(api: KubernetesApi, { operators }: Needs, adopt: boolean): Promise<Finding[]> {
  const subscriptions = await listAll(api, 'operators.coreos.com/v1alpha1', 'subscriptions');
  return operators.flatMap(({ step, section }) => {
    const found = subscriptions.find(({ spec }) => spec?.['name'] === step.package);
    if (found === undefined) return [];
    const { namespace = '', name } = found.metadata;
    const what = `The operator ${step.package} is installed already, by subscription ${name} in ${namespace}${whose(found)}`;
    const mend = `--adopt uses it and leaves it; or oc delete subscription ${name} -n ${namespace}`;
    return [inTheWay(adopt, `operator-${step.package}`, what, `section ${section} installs it`, mend)];
  });
}

async function meshFindings(api: KubernetesApi, { projects }: Needs, adopt: boolean): Promise<Finding[]> {
  const planes = await listAll(api, 'maistra.io/v2', 'servicemeshcontrolplanes');
  const rolls = await listAll(api, 'maistra.io/v1', 'servicemeshmemberrolls');
  const own = new Set(projects.map(({ name }) => name));
  const meshes = planes.map((plane) => {
    const { name, namespace = '' } = plane.metadata;
    const what = `A control plane ${name} exists in ${namespace} already${whose(plane)}`;
    if (own.has(namespace))
      return inTheWay(
        adopt,
        `mesh-${namespace}`,
        what,
        'section 2 creates one there',
        `oc delete smcp ${name} -n ${namespace}, or --adopt`,
      );
    return ok(`mesh-${namespace}`, `${what}; the lab leaves it alone`);
  });
  const claimed = rolls.flatMap((roll) => {
    const members = roll.spec?.['members'];
    const taken = Array.isArray(members) ? members.filter((member) => own.has(String(member))) : [];
    const { namespace = '' } = roll.metadata;
    if (taken.length === 0 || own.has(namespace)) return [];
    const what = `The member roll in ${namespace} lists ${taken.join(', ')}${whose(roll)}`;
    return [
      problem(
        `roll-${namespace}`,
        what,
        'section 2: a project can be in only one mesh',
        `oc edit smmr default -n ${namespace}`,
      ),
    ];
  });
  return [...meshes, ...claimed];
}

const OWN_CLUSTER = 'use a separate cluster';

function inTheWay(adopt: boolean, id: string, what: string, why: string, mend: string): Finding {
  return adopt
    ? warning(
        id,
        `${what}; adopted, and restored afterwards`,
        why,
        `nothing; if it must not be touched, ${OWN_CLUSTER}`,
      )
    : problem(id, what, why, mend);
}

/** Who requested it, if the object says so, and since when. */
function whose({ metadata }: ApiObject): string {
  const { annotations, creationTimestamp, managedFields } = metadata;
  const requester = annotations?.['openshift.io/requester'];
  const manager = managedFields?.[0]?.manager;
  const by =
    requester !== undefined ? `requested by ${requester}` : manager !== undefined ? `created with ${manager}` : '';
  const parts = [by, creationTimestamp === undefined ? '' : `since ${creationTimestamp}`].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

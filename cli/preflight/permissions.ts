/** Whether this user may do what the lab does: one list of missing permissions, checked with SelfSubjectAccessReviews. */

import type { KubernetesApi } from '../../kube/api.ts';
import { groupOf } from '../../model/api-version.ts';
import { type Finding, ok, problem } from '../doctor/finding.ts';
import { type NeededObject, type Needs, placeOf } from './needs.ts';

/** `because`: the step, or what else needs it. */
type Wanted = Needs['access'][number];

/** Where the guard keeps Lease and ledger. */
const STATE_NAMESPACE = 'default';

export async function permissionFinding(api: KubernetesApi, needs: Needs): Promise<Finding> {
  const asked = accesses(needs);
  const answers = await Promise.all(asked.map(async (access) => ({ access, allowed: await isAllowed(api, access) })));
  const missing = answers.filter(({ allowed }) => !allowed).map(({ access }) => access);
  if (missing.length === 0)
    return ok('permissions', `This user may do what the lab does (${asked.length} permissions checked)`);
  const lines = grouped(missing).map((line) => `           ${line}`);
  return problem(
    'permissions',
    `This user may not:\n${lines.join('\n')}`,
    [...new Set(missing.map(({ because }) => because))].join(', '),
    'ask a cluster administrator to run: oc adm policy add-cluster-role-to-user cluster-admin <user>',
  );
}

/** Users administer the projects that they create, so only permissions outside of these are checked. */
function accesses(needs: Needs): readonly Wanted[] {
  const made = new Set(needs.projects.map(({ name }) => name));
  const found: Wanted[] = [
    ...['create', 'get', 'update', 'delete'].flatMap((verb) => [
      {
        verb,
        group: 'coordination.k8s.io',
        resource: 'leases',
        namespace: STATE_NAMESPACE,
        because: 'the run’s Lease',
      },
      { verb, group: '', resource: 'secrets', namespace: STATE_NAMESPACE, because: 'the copy of the run’s ledger' },
    ]),
    ...needs.access.filter(({ namespace }) => namespace === undefined || !made.has(namespace)),
    ...needs.objects.flatMap((object) => objectAccesses(object, made)),
  ];
  const byText = new Map(found.map((access) => [sentence(access), access]));
  return [...byText.values()];
}

function objectAccesses({ apiVersion, kind, namespace, at }: NeededObject, made: ReadonlySet<string>): Wanted[] {
  if (namespace === undefined || made.has(namespace)) return [];
  const group = groupOf(apiVersion);
  const resource = pluralOf(kind);
  const because = placeOf(at);
  return ['create', 'get', 'patch', 'delete'].map((verb) => ({ verb, group, resource, namespace, because }));
}

/** A kind may be installed only with its operator, so discovery can't be used. */
function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (/(s|x|ch|sh)$/.test(lower)) return lower.endsWith('endpoints') ? lower : `${lower}es`;
  return lower.endsWith('y') && !/[aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

function isAllowed(api: KubernetesApi, { verb, group, resource, namespace }: Wanted): Promise<boolean> {
  return api.isAllowed({ verb, group, resource, ...(namespace === undefined ? {} : { namespace }) });
}

/** One line for all verbs on the same resource. */
function grouped(missing: readonly Wanted[]): string[] {
  const groups = Map.groupBy(missing, (access) => `${objectOf(access)} (${access.because})`);
  return [...groups].map(([what, accesses]) => `${accesses.map(({ verb }) => verb).join(', ')} ${what}`);
}

function sentence(access: Wanted): string {
  return `${access.verb} ${objectOf(access)}`;
}

function objectOf({ group, resource, namespace }: Wanted): string {
  const what = group === '' ? resource : `${resource}.${group}`;
  return `${what}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

/**
 * When an object is ready, and why it is not ready yet. Kinds are in one file per group; any other kind is ready when its own Ready
 * or Available condition says so. Mere existence proves nothing.
 */

import type { ApiObject } from '../../kube/types.ts';
import { groupOf } from '../../model/api-version.ts';
import { recordsAt } from '../../model/fields.ts';
import { CLUSTER } from './cluster.ts';
import { JOBS } from './jobs.ts';
import { MESH } from './mesh.ts';
import { NETWORK } from './network.ts';
import { OLM } from './olm.ts';
import { OPENSHIFT } from './openshift.ts';
import { PODS } from './pods.ts';
import { STORAGE } from './storage.ts';
import {
  allOf,
  conditionsHold,
  describeCondition,
  failed,
  type KindReadiness,
  notReady,
  type Readiness,
  unobserved,
} from './verdict.ts';
import { isWithoutReadiness } from './without.ts';
import { WORKLOADS } from './workloads.ts';

const KINDS: readonly KindReadiness[] = [
  ...PODS,
  ...WORKLOADS,
  ...JOBS,
  ...STORAGE,
  ...NETWORK,
  ...CLUSTER,
  ...OLM,
  ...OPENSHIFT,
  ...MESH,
];
const BY_KIND: ReadonlyMap<string, KindReadiness> = new Map(
  KINDS.map((entry) => [`${entry.group}/${entry.kind}`, entry]),
);

export type { Readiness } from './verdict.ts';

export function readinessOf(object: ApiObject): Readiness {
  if (object.metadata.deletionTimestamp !== undefined) return notReady('is being deleted');
  const early = unobserved(object);
  if (early !== undefined) return early;
  return knownReadiness(object)?.judge(object) ?? conditionReadiness(object);
}

/** How the object's kind is judged, if known. */
export function knownReadiness(object: Pick<ApiObject, 'apiVersion' | 'kind'>): KindReadiness | undefined {
  return BY_KIND.get(`${groupOf(object.apiVersion)}/${object.kind}`);
}

/**
 * What is known about a kind's readiness, by the name that people type.
 * @returns `unknown` for a kind that is not built in: its own conditions decide.
 */
export function readinessOfKind(written: string): 'known' | 'none' | 'unknown' {
  const [name = '', ...group] = written.toLowerCase().split('.');
  const inGroup = (of: string) => group.length === 0 || of === group.join('.') || of === group.slice(1).join('.');
  if (KINDS.some((entry) => entry.names.includes(name) && inGroup(entry.group))) return 'known';
  return isWithoutReadiness(name, group.length === 0 ? undefined : group.join('.')) ? 'none' : 'unknown';
}

/** In this order; a kind has one of the first two, according to Kubernetes' conventions. */
const POSITIVE_CONDITIONS = ['Ready', 'Available', 'Succeeded', 'Established', 'Complete'];

function conditionReadiness(object: ApiObject): Readiness {
  if (isWithoutReadiness(object.kind.toLowerCase(), groupOf(object.apiVersion)))
    return failed(`a ${object.kind} has no readiness: define it with \`until:\``);
  const conditions = recordsAt(object.status, 'conditions');
  const type = POSITIVE_CONDITIONS.find((wanted) => conditions.some((condition) => condition['type'] === wanted));
  if (type !== undefined) return allOf(conditionsHold(object, [type]));
  const seen = conditions.length === 0 ? 'has no conditions' : conditions.map(describeCondition).join('; ');
  return notReady(
    `${seen}; without a condition Ready or Available, \`until:\` must say when a ${object.kind} is ready`,
  );
}

/**
 * What an operator that this run installed leaves behind when its Subscription is deleted: the ClusterServiceVersion, and its CRDs.
 * Both are recorded in the ledger while the Subscription still shows that they belong to the run.
 */

import type { KubernetesApi } from '../../kube/api.ts';
import { ApiError, type Rest } from '../../kube/rest.ts';
import { recordsAt, textAt } from '../../model/fields.ts';
import { describeResource, type GroupVersionResource } from '../proxy/request-info.ts';
import type { Held } from './inventory.ts';
import type { Ledger } from './ledger.ts';
import { leftoversOfMesh, MESH_KIND } from './leftovers.ts';
import { getObject, type KubeObject, listObjects, servedVersion } from './object.ts';
import { gvrOf, namesOf, type OwnershipResolver } from './ownership.ts';

const CSVS = 'clusterserviceversions';
const CRDS = gvrOf('apiextensions.k8s.io/v1', 'customresourcedefinitions');

interface OwnedKind {
  /** `plural.group`. */
  readonly name: string;
  readonly version: string;
}

export interface OperatorsOptions {
  readonly rest: Rest;
  readonly api: KubernetesApi;
  readonly ledger: Ledger;
  readonly owners: OwnershipResolver;
}

/** @param subscriptions held ones. @throws {ApiError} */
export async function noteOperators(options: OperatorsOptions, subscriptions: readonly Held[]): Promise<void> {
  const { rest, owners } = options;
  for (const held of subscriptions) {
    const subscription = await getObject(rest, held.gvr, held.name);
    if (subscription?.metadata.uid !== held.uid) continue;
    const because = `installed by ${describeResource(held.gvr, held.name)}`;
    for (const name of new Set(namesOf(subscription))) {
      const gvr = gvrOf('operators.coreos.com/v1alpha1', CSVS, held.gvr.namespace);
      const csv = await getObject(rest, gvr, name);
      if (csv === undefined || !(await owners.isOurs(gvr, csv))) continue;
      await note(options, held.seq, gvr, csv, because);
      for (const { name: crd } of kindsOf(csv)) {
        const definition = await getObject(rest, CRDS, crd);
        // An older one was not installed by this run.
        if (definition !== undefined && isYounger(definition, subscription))
          await note(options, held.seq, CRDS, definition, because);
      }
      if (!kindsOf(csv).some((kind) => kind.name === MESH_KIND)) continue;
      for (const left of await leftoversOfMesh(rest, held.gvr.namespace))
        if (isYounger(left.object, subscription)) await note(options, held.seq, left.gvr, left.object, because, true);
    }
  }
}

/**
 * Why an operator or a CRD must stay although this run installed it: someone else uses it by now.
 * @throws {ApiError}
 */
export async function whyNeeded(options: OperatorsOptions, held: Held): Promise<string | undefined> {
  if (held.gvr.resource === CSVS) {
    const csv = await getObject(options.rest, held.gvr, held.name);
    return csv === undefined ? undefined : usedByOthers(options, kindsOf(csv));
  }
  if (held.gvr.resource !== CRDS.resource) return undefined;
  const csvs = await listEverywhere(options.rest, gvrOf('operators.coreos.com/v1alpha1', CSVS));
  const other = csvs.find((csv) => kindsOf(csv).some(({ name }) => name === held.name));
  if (other !== undefined) return `the operator ${other.metadata.name} serves it`;
  const definition = await getObject(options.rest, CRDS, held.name);
  const version = servedVersion(definition);
  return version === undefined ? undefined : usedByOthers(options, [{ name: held.name, version }], true);
}

/** Objects of an operator's kinds that belong to the run and that only the operator can remove properly. */
export async function operated(options: OperatorsOptions, csv: Held): Promise<readonly Omit<Held, 'seq'>[]> {
  const object = await getObject(options.rest, csv.gvr, csv.name);
  if (object?.metadata.uid !== csv.uid) return [];
  const found: Omit<Held, 'seq'>[] = [];
  for (const { gvr, object: one } of await instancesOf(options.rest, kindsOf(object)))
    if (await options.owners.isOurs(gvr, one)) found.push({ uid: one.metadata.uid, gvr, name: one.metadata.name });
  return found;
}

async function usedByOthers(
  { rest, owners }: OperatorsOptions,
  kinds: readonly OwnedKind[],
  anybody = false,
): Promise<string | undefined> {
  for (const { gvr, object } of await instancesOf(rest, kinds)) {
    if (anybody || !(await owners.isOurs(gvr, object)))
      return `${describeResource(gvr, object.metadata.name)} needs it`;
  }
  return undefined;
}

async function instancesOf(
  rest: Rest,
  kinds: readonly OwnedKind[],
): Promise<readonly { gvr: GroupVersionResource; object: KubeObject }[]> {
  const found = [];
  for (const { name, version } of kinds) {
    const [plural = '', ...group] = name.split('.');
    const kind = gvrOf(`${group.join('.')}/${version}`, plural);
    for (const object of await listEverywhere(rest, kind)) {
      const { namespace } = object.metadata;
      found.push({ gvr: namespace === undefined ? kind : { ...kind, namespace }, object });
    }
  }
  return found;
}

/** A kind that is not, or no longer, served has no objects. */
async function listEverywhere(rest: Rest, gvr: GroupVersionResource): Promise<readonly KubeObject[]> {
  try {
    return await listObjects(rest, gvr, new URLSearchParams());
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return [];
    throw error;
  }
}

async function note(
  { ledger, rest }: OperatorsOptions,
  seq: number,
  gvr: GroupVersionResource,
  { metadata: { name, uid } }: KubeObject,
  because: string,
  late = false,
): Promise<void> {
  if (ledger.inventory.isHeld(uid)) return;
  const at = new Date(rest.serverTime()).toISOString();
  await ledger.append({ type: 'related', seq, at, gvr, name, uid, because, ...(late ? { late } : {}) });
}

function kindsOf(csv: KubeObject): readonly OwnedKind[] {
  return recordsAt(csv, 'spec', 'customresourcedefinitions', 'owned').flatMap((owned) => {
    const [name, version] = [textAt(owned, 'name'), textAt(owned, 'version')];
    return name === undefined || version === undefined ? [] : [{ name, version }];
  });
}

function isYounger(object: KubeObject, than: KubeObject): boolean {
  return object.metadata.creationTimestamp >= than.metadata.creationTimestamp;
}

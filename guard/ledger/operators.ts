/**
 * What an operator that this run installed leaves behind when its Subscription goes: the ClusterServiceVersion, and the
 * definitions of its kinds. Both are written into the ledger while the Subscription still tells that they are ours.
 */
import type { KubernetesApi } from '../../kube/api.ts';
import { ApiError, type Rest } from '../../kube/rest.ts';
import { describePlace, type Place } from '../proxy/request-info.ts';
import type { Held } from './inventory.ts';
import type { Ledger } from './ledger.ts';
import { leftoversOfMesh, MESH_KIND } from './leftovers.ts';
import { getObject, type KubeObject, listObjects } from './object.ts';
import { namesOf, type Ownership, placeOf } from './ownership.ts';

const CSVS = 'clusterserviceversions';
const CRDS = placeOf('apiextensions.k8s.io/v1', 'customresourcedefinitions');

interface OwnedKind {
  /** `plural.group`. */
  readonly name: string;
  readonly version: string;
}

export interface OperatorsOptions {
  readonly rest: Rest;
  readonly api: KubernetesApi;
  readonly ledger: Ledger;
  readonly ownership: Ownership;
}

/** @param subscriptions held ones. @throws {ApiError} */
export async function noteOperators(options: OperatorsOptions, subscriptions: readonly Held[]): Promise<void> {
  const { rest, ownership } = options;
  for (const held of subscriptions) {
    const subscription = await getObject(rest, held.place, held.name);
    if (subscription?.metadata.uid !== held.uid) continue;
    const because = `installed by ${describePlace(held.place, held.name)}`;
    for (const name of new Set(namesOf(subscription))) {
      const place = placeOf('operators.coreos.com/v1alpha1', CSVS, held.place.namespace);
      const csv = await getObject(rest, place, name);
      if (csv === undefined || !(await ownership.isOurs(place, csv))) continue;
      await note(options, held.seq, place, csv, because);
      for (const { name: crd } of kindsOf(csv)) {
        const definition = await getObject(rest, CRDS, crd);
        // One that is older was not installed by ours.
        if (definition !== undefined && isYounger(definition, subscription))
          await note(options, held.seq, CRDS, definition, because);
      }
      if (!kindsOf(csv).some((kind) => kind.name === MESH_KIND)) continue;
      for (const left of await leftoversOfMesh(rest, held.place.namespace))
        if (isYounger(left.object, subscription)) await note(options, held.seq, left.place, left.object, because, true);
    }
  }
}

/**
 * Why an operator, or the definition of a kind, must stay although this run installed it: somebody uses it by now.
 * @throws {ApiError}
 */
export async function whyNeeded(options: OperatorsOptions, held: Held): Promise<string | undefined> {
  if (held.place.resource === CSVS) {
    const csv = await getObject(options.rest, held.place, held.name);
    return csv === undefined ? undefined : usedByOthers(options, kindsOf(csv));
  }
  if (held.place.resource !== CRDS.resource) return undefined;
  const csvs = await listEverywhere(options.rest, placeOf('operators.coreos.com/v1alpha1', CSVS));
  const other = csvs.find((csv) => kindsOf(csv).some(({ name }) => name === held.name));
  if (other !== undefined) return `the operator ${other.metadata.name} serves it`;
  const definition = await getObject(options.rest, CRDS, held.name);
  const versions =
    (definition?.['spec'] as { versions?: readonly { name: string; served: boolean }[] })?.versions ?? [];
  const version = versions.find(({ served }) => served)?.name;
  return version === undefined ? undefined : usedByOthers(options, [{ name: held.name, version }], true);
}

/** Objects of an operator's kinds that are ours and that only the operator can take away properly. */
export async function operated(options: OperatorsOptions, csv: Held): Promise<readonly Omit<Held, 'seq'>[]> {
  const object = await getObject(options.rest, csv.place, csv.name);
  if (object?.metadata.uid !== csv.uid) return [];
  const found: Omit<Held, 'seq'>[] = [];
  for (const { place, object: one } of await instancesOf(options.rest, kindsOf(object)))
    if (await options.ownership.isOurs(place, one))
      found.push({ uid: one.metadata.uid, place, name: one.metadata.name });
  return found;
}

async function usedByOthers(
  { rest, ownership }: OperatorsOptions,
  kinds: readonly OwnedKind[],
  anybody = false,
): Promise<string | undefined> {
  for (const { place, object } of await instancesOf(rest, kinds)) {
    if (anybody || !(await ownership.isOurs(place, object)))
      return `${describePlace(place, object.metadata.name)} needs it`;
  }
  return undefined;
}

async function instancesOf(
  rest: Rest,
  kinds: readonly OwnedKind[],
): Promise<readonly { place: Place; object: KubeObject }[]> {
  const found = [];
  for (const { name, version } of kinds) {
    const [plural = '', ...group] = name.split('.');
    const kind = placeOf(`${group.join('.')}/${version}`, plural);
    for (const object of await listEverywhere(rest, kind)) {
      const { namespace } = object.metadata;
      found.push({ place: namespace === undefined ? kind : { ...kind, namespace }, object });
    }
  }
  return found;
}

/** A kind that is not served (any more) has no objects. */
async function listEverywhere(rest: Rest, place: Place): Promise<readonly KubeObject[]> {
  try {
    return await listObjects(rest, place, new URLSearchParams());
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return [];
    throw error;
  }
}

async function note(
  { ledger, rest }: OperatorsOptions,
  seq: number,
  place: Place,
  { metadata: { name, uid } }: KubeObject,
  because: string,
  late = false,
): Promise<void> {
  if (ledger.holdings.isHeld(uid)) return;
  const at = new Date(rest.serverTime()).toISOString();
  await ledger.append({ type: 'related', seq, at, place, name, uid, because, ...(late ? { late } : {}) });
}

function kindsOf(csv: KubeObject): readonly OwnedKind[] {
  const spec = csv['spec'] as { customresourcedefinitions?: { owned?: readonly OwnedKind[] } } | undefined;
  return spec?.customresourcedefinitions?.owned ?? [];
}

function isYounger(object: KubeObject, than: KubeObject): boolean {
  return object.metadata.creationTimestamp >= than.metadata.creationTimestamp;
}

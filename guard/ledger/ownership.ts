/**
 * Decides who owns an object. It belongs to the run if this run created it, if it is in a namespace that this run created, or if
 * such an object owns it: by owner references (all of them), by Maistra's label, or through OLM (Subscription → InstallPlan and
 * ClusterServiceVersion → what that installs).
 */

import type { Discovery } from '../../kube/discovery.ts';
import type { Rest } from '../../kube/rest.ts';
import { groupOf } from '../../model/api-version.ts';
import { textAt } from '../../model/fields.ts';
import type { DeclaredChange } from '../../model/lab.ts';
import type { GroupVersionResource } from '../proxy/request-info.ts';
import type { Ownership } from './entry.ts';
import type { Inventory } from './inventory.ts';
import { getObject, type KubeObject, type OwnerReference } from './object.ts';

/** The maximum depth of owners that is followed. */
const DEEPEST = 8;
const OLM = 'operators.coreos.com';

export interface OwnershipResolverOptions {
  readonly rest: Rest;
  readonly discovery: Discovery;
  readonly inventory: Inventory;
  readonly adopt: boolean;
  readonly declared: readonly DeclaredChange[];
}

export class OwnershipResolver {
  readonly #options: OwnershipResolverOptions;

  constructor(options: OwnershipResolverOptions) {
    this.#options = options;
  }

  /** @throws {ApiError} if the cluster does not return the owners. */
  async ownershipOf(gvr: GroupVersionResource, object: KubeObject): Promise<Ownership> {
    if (await this.isOurs(gvr, object)) return 'ours';
    if (this.#isDeclared(gvr, object)) return 'declared';
    return this.#options.adopt ? 'adopted' : 'foreign';
  }

  async isOurs(gvr: GroupVersionResource, object: KubeObject, depth = 0): Promise<boolean> {
    const { inventory } = this.#options;
    const { uid, namespace, labels = {} } = object.metadata;
    if (inventory.isHeld(uid)) return true;
    if (depth > DEEPEST) return false;
    if (namespace !== undefined && (await this.#isOwnNamespace(namespace))) return true;
    if (await this.#isOwned(object, depth)) return true;
    const plane = labels['maistra.io/owner'];
    if (plane !== undefined && (await this.#isOwnNamespace(plane))) return true;
    if (gvr.group === OLM && gvr.resource === 'clusterserviceversions') return this.#isSubscribed(object);
    return this.#isInstalled(labels, depth);
  }

  /** The namespace that has this name now may not be the one this run created. */
  async #isOwnNamespace(name: string): Promise<boolean> {
    const held = this.#options.inventory.namespace(name);
    if (held === undefined) return false;
    const now = await getObject(this.#options.rest, held.gvr, name);
    // The run may have deleted and recreated it.
    return now !== undefined && this.#options.inventory.isHeld(now.metadata.uid);
  }

  async #isOwned(object: KubeObject, depth: number): Promise<boolean> {
    const { ownerReferences = [], namespace } = object.metadata;
    if (ownerReferences.length === 0) return false;
    for (const owner of ownerReferences) if (!(await this.#isOwner(owner, namespace, depth))) return false;
    return true;
  }

  async #isOwner(owner: OwnerReference, namespace: string | undefined, depth: number): Promise<boolean> {
    const { rest, discovery, inventory } = this.#options;
    if (inventory.isHeld(owner.uid)) return true;
    const kind = await discovery.resolveObject(owner.apiVersion, owner.kind);
    if (kind === undefined) return false;
    const gvr = gvrOf(owner.apiVersion, kind.plural, kind.namespaced ? namespace : undefined);
    const found = await getObject(rest, gvr, owner.name);
    return found !== undefined && found.metadata.uid === owner.uid && this.isOurs(gvr, found, depth + 1);
  }

  /** A ClusterServiceVersion has no owner; the Subscription that asked for it names it, and is older. */
  async #isSubscribed(csv: KubeObject): Promise<boolean> {
    const { rest, inventory } = this.#options;
    const { name, namespace, creationTimestamp } = csv.metadata;
    const ours = inventory.held().filter((held) => held.gvr.group === OLM && held.gvr.resource === 'subscriptions');
    for (const held of ours.filter(({ gvr }) => gvr.namespace === namespace)) {
      const subscription = await getObject(rest, held.gvr, held.name);
      if (subscription?.metadata.uid !== held.uid) continue;
      if (namesOf(subscription).includes(name) && subscription.metadata.creationTimestamp <= creationTimestamp)
        return true;
    }
    return false;
  }

  /** Objects that OLM creates for an operator carry the operator's name, even where an owner reference is impossible. */
  async #isInstalled(labels: Readonly<Record<string, string>>, depth: number): Promise<boolean> {
    const { 'olm.owner': owner, 'olm.owner.namespace': namespace, 'olm.owner.kind': kind } = labels;
    if (owner === undefined || namespace === undefined || kind !== 'ClusterServiceVersion') return false;
    const gvr = gvrOf(`${OLM}/v1alpha1`, 'clusterserviceversions', namespace);
    const csv = await getObject(this.#options.rest, gvr, owner);
    return csv !== undefined && this.isOurs(gvr, csv, depth + 1);
  }

  #isDeclared(gvr: GroupVersionResource, object: KubeObject): boolean {
    return this.#options.declared.some(
      ({ apiVersion, kind, name, namespace }) =>
        groupOf(apiVersion) === gvr.group &&
        kind === object.kind &&
        name === object.metadata.name &&
        namespace === object.metadata.namespace,
    );
  }
}

/** The CSVs that a Subscription names. */
export function namesOf(subscription: KubeObject): readonly string[] {
  const names = ['installedCSV', 'currentCSV'].map((field) => textAt(subscription, 'status', field));
  return names.filter((name) => name !== undefined);
}

export function gvrOf(apiVersion: string, resource: string, namespace?: string): GroupVersionResource {
  const version = apiVersion.split('/').at(-1) ?? apiVersion;
  return { group: groupOf(apiVersion), version, resource, ...(namespace === undefined ? {} : { namespace }) };
}

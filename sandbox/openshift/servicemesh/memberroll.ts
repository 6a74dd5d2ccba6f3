/** The member roll: adds its namespaces to the mesh, and removes those that are no longer in it. */

import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { ApiError, type Client } from '../../client/client.ts';
import { canonical } from '../../client/hash.ts';
import { type Informer, keyOf } from '../../client/informer.ts';
import { NAMESPACES, type Namespace } from '../../client/kinds.ts';
import { putStatus } from '../create-or-patch.ts';
import { CONTROL_PLANES, type ControlPlane, MEMBER_ROLLS, MEMBERS, type Member, type MemberRoll } from '../kinds.ts';
import { joinMesh, leaveMesh, MEMBER_OF } from './member-namespace.ts';
import { planeTrouble, rollStatus } from './memberroll-status.ts';
import { FINALIZER, type OperatorState } from './operator-state.ts';

export function startMemberRolls(context: ControllerContext, operator: OperatorState): RunningController {
  const { client, informers } = context;
  const rolls = informers.of(MEMBER_ROLLS);
  const worker = new RollWorker(client, operator, {
    planes: informers.of(CONTROL_PLANES),
    namespaces: informers.of(NAMESPACES),
    members: informers.of(MEMBERS),
  });
  const reconcile = async (roll: MemberRoll): Promise<void> => {
    if (roll.metadata.name === 'default' && operator.running) await worker.reconcile(roll);
  };
  const naming = (namespace: string): string[] =>
    rolls
      .list()
      .filter((roll) => roll.spec?.members?.includes(namespace))
      .map(keyOf);
  return controllerFor(context, 'servicemeshmemberroll-controller', MEMBER_ROLLS)
    .watches(CONTROL_PLANES, ({ object }) => [`${object.metadata.namespace}/default`])
    .watches(NAMESPACES, ({ object }) => naming(object.metadata.name), {
      when: ({ type, object }) => type !== 'modified' || object.metadata.deletionTimestamp !== undefined,
    })
    .watches(MEMBERS, ({ object }) => [`${object.spec?.controlPlaneRef?.namespace}/default`], {
      when: ({ type, object }) => type === 'deleted' || object.metadata.deletionTimestamp !== undefined,
    })
    .wakesOn((everything) => operator.onChange(everything))
    .reconciles({ present: reconcile, deleting: reconcile });
}

interface Seen {
  readonly planes: Informer<ControlPlane>;
  readonly namespaces: Informer<Namespace>;
  readonly members: Informer<Member>;
}

class RollWorker {
  readonly #client: Client;
  readonly #operator: OperatorState;
  readonly #planes: Informer<ControlPlane>;
  readonly #namespaces: Informer<Namespace>;
  readonly #memberObjects: Informer<Member>;

  constructor(client: Client, operator: OperatorState, { planes, namespaces, members }: Seen) {
    this.#client = client;
    this.#operator = operator;
    this.#planes = planes;
    this.#namespaces = namespaces;
    this.#memberObjects = members;
  }

  async reconcile(roll: MemberRoll): Promise<void> {
    const { finalizers = [], deletionTimestamp } = roll.metadata;
    if (deletionTimestamp !== undefined) return this.#dissolve(roll);
    if (!finalizers.includes(FINALIZER)) return this.#setFinalizers(roll, [...finalizers, FINALIZER]);
    const mesh = roll.metadata.namespace ?? '';
    const present = this.#planes.list(mesh).filter((plane) => plane.metadata.deletionTimestamp === undefined);
    const trouble = planeTrouble(present);
    const members = [...new Set(roll.spec?.members ?? [])].filter((member) => member !== mesh);
    const before = this.#membersOf(mesh);
    const gone = present.length === 0 ? before : before.filter((name) => !members.includes(name));
    for (const name of gone) await leaveMesh(this.#client, name, this.#operator.figures);
    const configured: string[] = [];
    for (const member of trouble === undefined ? members : []) {
      if (await this.#join(member, mesh, present[0]?.metadata.name ?? '')) configured.push(member);
    }
    // Members do not change while their mesh is being updated.
    const kept =
      trouble === undefined ? configured : members.filter((one) => before.includes(one) && present.length > 0);
    const missing = members.filter((member) => !this.#exists(member));
    const membership = { members, configured: kept, missing, terminating: this.#terminating(mesh) };
    const status = rollStatus(roll, membership, present[0], trouble, this.#operator.figures);
    if (canonical(status) !== canonical(roll.status ?? {})) await putStatus(this.#client, MEMBER_ROLLS, roll, status);
  }

  /** The namespaces with the mesh's label, except its own. */
  #membersOf(mesh: string): string[] {
    const members = this.#namespaces.list().filter(({ metadata }) => metadata.labels?.[MEMBER_OF] === mesh);
    return members.map(({ metadata }) => metadata.name).filter((name) => name !== mesh);
  }

  #exists(name: string): boolean {
    const namespace = this.#namespaces.get(name);
    return namespace !== undefined && namespace.metadata.deletionTimestamp === undefined;
  }

  /** Namespaces whose ServiceMeshMember is being deleted but still exists. */
  #terminating(mesh: string): string[] {
    const leaving = this.#memberObjects
      .list()
      .filter(({ spec, metadata }) => spec?.controlPlaneRef?.namespace === mesh && metadata.deletionTimestamp);
    return leaving.map(({ metadata }) => metadata.namespace ?? '').sort();
  }

  async #join(member: string, mesh: string, plane: string): Promise<boolean> {
    if (!this.#exists(member)) return false;
    try {
      await joinMesh(this.#client, member, mesh, plane, this.#operator.figures);
      return true;
    } catch (error) {
      // The namespace was deleted meanwhile.
      if (error instanceof ApiError && (error.code === 404 || error.reason === 'Forbidden')) return false;
      throw error;
    }
  }

  async #dissolve(roll: MemberRoll): Promise<void> {
    const { namespace = '', finalizers = [] } = roll.metadata;
    if (!finalizers.includes(FINALIZER)) return;
    for (const name of this.#membersOf(namespace)) await leaveMesh(this.#client, name, this.#operator.figures);
    await this.#setFinalizers(
      roll,
      finalizers.filter((one) => one !== FINALIZER),
    );
  }

  async #setFinalizers(roll: MemberRoll, finalizers: string[]): Promise<void> {
    const { name, namespace, resourceVersion } = roll.metadata;
    await this.#client.patch(MEMBER_ROLLS, name, namespace, { metadata: { resourceVersion, finalizers } });
  }
}

/** The member roll: brings the namespaces it names into the mesh, and out of it again. */
import type { Component, SandboxContext } from '../../component.ts';
import { canonical } from '../../controllers/hash.ts';
import type { Informers } from '../../controllers/informers.ts';
import { NAMESPACES } from '../../controllers/kinds.ts';
import { ApiError } from '../../runtime/client.ts';
import { Controller } from '../../runtime/controller.ts';
import { keyOf } from '../../runtime/informer.ts';
import { putStatus } from '../ensure.ts';
import { CONTROL_PLANES, MEMBER_ROLLS, MEMBERS, type MemberRoll } from '../kinds.ts';
import { FINALIZER } from './controlplane.ts';
import { joinMesh, leaveMesh, MEMBER_OF } from './member-namespace.ts';
import { planeTrouble, rollStatus } from './memberroll-status.ts';
import type { OperatorState } from './operator.ts';

export function startMemberRolls(context: SandboxContext, informers: Informers, operator: OperatorState): Component {
  const { client, log } = context;
  const rolls = informers.of(MEMBER_ROLLS);
  const planes = informers.of(CONTROL_PLANES);
  const namespaces = informers.of(NAMESPACES);
  const controller = new Controller(
    async (key) => {
      await Promise.all([planes.start(), namespaces.start()]);
      const roll = rolls.get(key);
      if (roll === undefined || roll.metadata.name !== 'default' || !operator.running) return;
      if (roll.metadata.deletionTimestamp !== undefined) return dissolve(roll);
      if (!roll.metadata.finalizers?.includes(FINALIZER))
        return setFinalizers(roll, [...(roll.metadata.finalizers ?? []), FINALIZER]);
      await reconcile(roll);
    },
    (key, error) => log('istio-operator', `member roll ${key}: ${error}`),
  );
  const reconcile = async (roll: MemberRoll): Promise<void> => {
    const mesh = roll.metadata.namespace ?? '';
    const present = planes.list(mesh).filter((plane) => plane.metadata.deletionTimestamp === undefined);
    const trouble = planeTrouble(present);
    const members = [...new Set(roll.spec?.members ?? [])].filter((member) => member !== mesh);
    const before = labelled(mesh);
    const gone = present.length === 0 ? before : before.filter((name) => !members.includes(name));
    for (const name of gone) await leaveMesh(client, name, operator.figures);
    const configured: string[] = [];
    for (const member of trouble === undefined ? members : []) {
      if (await join(member, mesh, present[0]?.metadata.name ?? '')) configured.push(member);
    }
    // While a mesh is being changed its members stay what they are.
    const kept =
      trouble === undefined ? configured : members.filter((member) => before.includes(member) && present.length > 0);
    const status = rollStatus(roll, members, kept, present[0], trouble);
    if (canonical(status) !== canonical(roll.status ?? {})) await putStatus(client, MEMBER_ROLLS, roll, status);
  };
  const labelled = (mesh: string): string[] =>
    namespaces
      .list()
      .filter(({ metadata }) => metadata.name !== mesh && metadata.labels?.[MEMBER_OF] === mesh)
      .map(({ metadata }) => metadata.name);
  const join = async (member: string, mesh: string, plane: string): Promise<boolean> => {
    const namespace = namespaces.get(member);
    if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return false;
    try {
      await joinMesh(client, member, mesh, plane, operator.figures);
      return true;
    } catch (error) {
      // The namespace was deleted meanwhile.
      if (error instanceof ApiError && (error.code === 404 || error.reason === 'Forbidden')) return false;
      throw error;
    }
  };
  const setFinalizers = async (roll: MemberRoll, finalizers: string[]): Promise<void> => {
    const { name, namespace, resourceVersion } = roll.metadata;
    await client.patch(MEMBER_ROLLS, name, namespace, { metadata: { resourceVersion, finalizers } });
  };
  const dissolve = async (roll: MemberRoll): Promise<void> => {
    const { namespace = '', finalizers = [] } = roll.metadata;
    if (!finalizers.includes(FINALIZER)) return;
    for (const name of labelled(namespace)) await leaveMesh(client, name, operator.figures);
    await setFinalizers(
      roll,
      finalizers.filter((one) => one !== FINALIZER),
    );
  };
  const everything = (): void => {
    for (const roll of rolls.list()) controller.enqueue(keyOf(roll));
  };
  rolls.onChange(({ type, object }) => {
    if (type !== 'deleted') controller.enqueue(keyOf(object));
  });
  planes.onChange(({ object }) => controller.enqueue(`${object.metadata.namespace}/default`));
  namespaces.onChange(({ type, object }) => {
    if (type === 'modified' && object.metadata.deletionTimestamp === undefined) return;
    for (const roll of rolls.list())
      if (roll.spec?.members?.includes(object.metadata.name)) controller.enqueue(keyOf(roll));
  });
  operator.onChange(everything);
  return { name: 'servicemeshmemberroll-controller', stop: () => controller.stop() };
}

/** A ServiceMeshMember puts its own namespace on the roll of the mesh it names. */
export function startMembers(context: SandboxContext, informers: Informers, operator: OperatorState): Component {
  const { client, log } = context;
  const members = informers.of(MEMBERS);
  const rolls = informers.of(MEMBER_ROLLS);
  const controller = new Controller(
    async (key) => {
      await rolls.start();
      const member = members.get(key);
      const ref = member?.spec?.controlPlaneRef;
      if (
        member === undefined ||
        ref === undefined ||
        !operator.running ||
        member.metadata.deletionTimestamp !== undefined
      )
        return;
      const namespace = member.metadata.namespace ?? '';
      const roll = await client.find(MEMBER_ROLLS, 'default', ref.namespace);
      if (roll === undefined) {
        const { apiVersion, kind } = MEMBER_ROLLS;
        await client.create(MEMBER_ROLLS, {
          apiVersion,
          kind,
          metadata: { name: 'default', namespace: ref.namespace },
          spec: { members: [namespace] },
        });
      } else if (!roll.spec?.members?.includes(namespace)) {
        const { resourceVersion } = roll.metadata;
        await client.patch(MEMBER_ROLLS, 'default', ref.namespace, {
          metadata: { resourceVersion },
          spec: { members: [...(roll.spec?.members ?? []), namespace] },
        });
      }
      const ready = roll?.status?.configuredMembers?.includes(namespace) === true;
      const status = {
        annotations: { controlPlaneRef: `${ref.namespace}/${ref.name}` },
        observedGeneration: member.metadata.generation ?? 1,
        conditions: [
          { type: 'Ready', status: ready ? 'True' : 'False', ...(ready ? {} : { reason: 'MemberNotReconciled' }) },
        ],
      };
      if (canonical(status) !== canonical(member.status ?? {})) await putStatus(client, MEMBERS, member, status);
    },
    (key, error) => log('istio-operator', `member ${key}: ${error}`),
  );
  members.onChange(({ type, object }) => {
    if (type !== 'deleted') controller.enqueue(keyOf(object));
  });
  rolls.onChange(() => {
    for (const member of members.list()) controller.enqueue(keyOf(member));
  });
  return { name: 'servicemeshmember-controller', stop: () => controller.stop() };
}

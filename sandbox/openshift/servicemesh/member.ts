/** ServiceMeshMembers: a namespace adds itself to the member roll of a mesh. */

import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import type { Client } from '../../client/client.ts';
import { canonical } from '../../client/hash.ts';
import { keyOf } from '../../client/informer.ts';
import { putStatus } from '../create-or-patch.ts';
import { MEMBER_ROLLS, MEMBERS, type Member, type MemberRoll } from '../kinds.ts';
import type { OperatorState } from './operator-state.ts';

export function startMembers(context: ControllerContext, operator: OperatorState): RunningController {
  const { client, informers } = context;
  return controllerFor(context, 'servicemeshmember-controller', MEMBERS)
    .watches(MEMBER_ROLLS, () => informers.of(MEMBERS).list().map(keyOf))
    .reconciles(async (member) => {
      const ref = member.spec?.controlPlaneRef;
      if (ref === undefined || !operator.running) return;
      const roll = await joinRoll(client, ref.namespace, member.metadata.namespace ?? '');
      const status = memberStatus(member, ref, roll);
      if (canonical(status) !== canonical(member.status ?? {})) await putStatus(client, MEMBERS, member, status);
    });
}

/** Adds the namespace to the mesh's member roll, and creates the roll if it does not exist. */
async function joinRoll(client: Client, mesh: string, namespace: string): Promise<MemberRoll> {
  const roll = await client.find(MEMBER_ROLLS, 'default', mesh);
  if (roll === undefined) {
    const { apiVersion, kind } = MEMBER_ROLLS;
    const metadata = { name: 'default', namespace: mesh };
    return client.create(MEMBER_ROLLS, { apiVersion, kind, metadata, spec: { members: [namespace] } });
  }
  const members = roll.spec?.members ?? [];
  if (members.includes(namespace)) return roll;
  const { resourceVersion } = roll.metadata;
  const patch = { metadata: { resourceVersion }, spec: { members: [...members, namespace] } };
  return client.patch(MEMBER_ROLLS, 'default', mesh, patch);
}

function memberStatus({ metadata }: Member, ref: { name: string; namespace: string }, roll: MemberRoll): object {
  const ready = roll.status?.configuredMembers?.includes(metadata.namespace ?? '') === true;
  return {
    annotations: { controlPlaneRef: `${ref.namespace}/${ref.name}` },
    observedGeneration: metadata.generation ?? 1,
    conditions: [
      { type: 'Ready', status: ready ? 'True' : 'False', ...(ready ? {} : { reason: 'MemberNotReconciled' }) },
    ],
  };
}

/** ServiceMeshMembers: a namespace that puts itself on the roll of a mesh. */

import { Controller } from '../../client/controller.ts';
import { canonical } from '../../client/hash.ts';
import { keyOf } from '../../client/informer.ts';
import type { Informers } from '../../client/informers.ts';
import type { Component, SandboxContext } from '../../component.ts';
import { putStatus } from '../create-or-patch.ts';
import { MEMBER_ROLLS, MEMBERS } from '../kinds.ts';
import type { OperatorState } from './operator.ts';

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

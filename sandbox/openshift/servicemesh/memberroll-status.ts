/** The status of a member roll. Pure. */
import { condition, withCondition } from '../../client/conditions.ts';
import type { Condition } from '../../client/kinds.ts';
import type { ControlPlane, MemberRoll } from '../kinds.ts';

/** Why the roll cannot be acted on at all, or undefined when it can. */
export function planeTrouble(planes: readonly ControlPlane[]): Condition | undefined {
  const no = (reason: string, message: string): Condition => ({ type: 'Ready', status: 'False', reason, message });
  const [plane] = planes;
  if (plane === undefined) return no('ErrSMCPMissing', 'No ServiceMeshControlPlane exists in the namespace');
  if (planes.length > 1)
    return no('ErrMultipleSMCPs', 'Multiple ServiceMeshControlPlane resources exist in the namespace');
  if (condition(plane.status?.conditions, 'Installed')?.status === 'True') return undefined;
  return no('SMCPReconciling', 'Initial service mesh installation has not completed');
}

export function rollStatus(
  roll: MemberRoll,
  members: readonly string[],
  configured: readonly string[],
  plane: ControlPlane | undefined,
  trouble: Condition | undefined,
): NonNullable<MemberRoll['status']> {
  const pending = members.filter((member) => !configured.includes(member));
  const conditions = withCondition(roll.status?.conditions ?? [], trouble ?? readiness(pending));
  const generation = plane?.status?.observedGeneration;
  return {
    annotations: { configuredMemberCount: `${configured.length}/${members.length}` },
    configuredMembers: [...configured],
    pendingMembers: pending,
    ...(trouble !== undefined || generation === undefined
      ? {}
      : { meshGeneration: generation, meshReconciledVersion: `${plane?.status?.operatorVersion}-${generation}` }),
    observedGeneration: roll.metadata.generation ?? 1,
    conditions,
  };
}

function readiness(pending: readonly string[]): Condition {
  if (pending.length === 0) {
    return {
      type: 'Ready',
      status: 'True',
      reason: 'Configured',
      message: 'All namespaces have been configured successfully',
    };
  }
  const message = `The following namespace(s) could not be configured: [${pending.join(' ')}]`;
  return { type: 'Ready', status: 'False', reason: 'ReconcileError', message };
}

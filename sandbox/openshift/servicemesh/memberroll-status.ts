/** The status of a member roll (maistra/istio-operator, pkg/controller/servicemesh/memberroll/controller.go). Pure. */
import { condition, withCondition } from '../../client/conditions.ts';
import type { Condition } from '../../client/kinds.ts';
import type { ControlPlane, MemberRoll, MemberStatus } from '../kinds.ts';
import type { MeshFigures } from '../release.ts';
import { stagesOf } from './charts/index.ts';

/** The state of the namespaces in a roll. No list includes the mesh's own namespace. */
export interface Membership {
  readonly members: readonly string[];
  readonly configured: readonly string[];
  /** Members whose namespace does not exist. */
  readonly missing: readonly string[];
  /** Members that are leaving the mesh. */
  readonly terminating: readonly string[];
}

/** Why the roll cannot be processed, `undefined` when it can. */
export function planeTrouble(planes: readonly ControlPlane[]): Condition | undefined {
  const no = (reason: string, message: string): Condition => ({ type: 'Ready', status: 'False', reason, message });
  const [plane] = planes;
  if (plane === undefined) return no('ErrSMCPMissing', 'No ServiceMeshControlPlane exists in the namespace');
  if (planes.length > 1)
    return no('ErrMultipleSMCPs', 'Multiple ServiceMeshControlPlane resources exist in the namespace');
  if (condition(plane.status?.conditions, 'Installed')?.status === 'True') return undefined;
  return no(INSTALLING, 'Initial service mesh installation has not completed');
}

/** A reason that only 2.0 uses. Since 2.1 the members are "not yet configured" during the installation. */
const INSTALLING = 'SMCPReconciling';

/** The whole status of the roll, in the format of the release's operator. */
export function rollStatus(
  roll: MemberRoll,
  { members, configured, missing, terminating }: Membership,
  plane: ControlPlane | undefined,
  trouble: Condition | undefined,
  figures: MeshFigures,
): NonNullable<MemberRoll['status']> {
  const pending = members.filter((member) => !configured.includes(member) && !terminating.includes(member));
  const summarized = figures.memberObjects;
  const blocked = summarized && trouble?.reason === INSTALLING ? undefined : trouble;
  const ready = blocked ?? readiness(pending, summarized);
  const kiali = plane !== undefined && stagesOf(plane.spec, figures).flat().includes('kiali');
  const generation = plane?.status?.observedGeneration;
  return {
    annotations: {
      configuredMemberCount: `${configured.length}/${members.length}`,
      ...(summarized && kiali ? { kialiName: 'kiali' } : {}),
    },
    ...(summarized
      ? {
          members: [...members].sort(),
          memberStatuses: [...members].sort().map((member) => memberStatus(roll, member, configured, missing)),
          terminatingMembers: [...terminating],
        }
      : {}),
    configuredMembers: [...configured],
    pendingMembers: pending,
    ...(trouble !== undefined || generation === undefined
      ? {}
      : { meshGeneration: generation, meshReconciledVersion: `${plane?.status?.operatorVersion}-${generation}` }),
    observedGeneration: roll.metadata.generation ?? 1,
    conditions: withCondition(roll.status?.conditions ?? [], ready),
  };
}

function readiness(pending: readonly string[], summarized: boolean): Condition {
  if (pending.length === 0) {
    return {
      type: 'Ready',
      status: 'True',
      reason: 'Configured',
      message: 'All namespaces have been configured successfully',
    };
  }
  const words = summarized
    ? 'The following namespaces are not yet configured'
    : 'The following namespace(s) could not be configured';
  return { type: 'Ready', status: 'False', reason: 'ReconcileError', message: `${words}: [${pending.join(' ')}]` };
}

function memberStatus(
  roll: MemberRoll,
  namespace: string,
  configured: readonly string[],
  missing: readonly string[],
): MemberStatus {
  const before = roll.status?.memberStatuses?.find((one) => one.namespace === namespace);
  return { namespace, conditions: withCondition(before?.conditions ?? [], reconciled()) };

  function reconciled(): Condition {
    const type = 'Reconciled';
    if (configured.includes(namespace)) return { type, status: 'True' };
    if (!missing.includes(namespace)) return { type, status: 'Unknown' };
    const message = `Namespace ${namespace} does not exist`;
    return { type, status: 'False', reason: 'NamespaceNotExists', message };
  }
}

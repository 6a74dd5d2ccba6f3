/** The phases of a ClusterServiceVersion, with OLM's messages (olm/operator.go). Pure. */
import { condition, now } from '../../client/conditions.ts';
import type { Deployment } from '../../client/kinds.ts';
import type { ClusterServiceVersion, CsvStatus, OperatorGroup } from '../kinds.ts';

export type Phase = Pick<CsvStatus, 'phase' | 'reason' | 'message'>;

export const PENDING: Phase = {
  phase: 'Pending',
  reason: 'RequirementsUnknown',
  message: 'requirements not yet checked',
};
export const READY: Phase = {
  phase: 'InstallReady',
  reason: 'AllRequirementsMet',
  message: 'all requirements found, attempting install',
};
export const INSTALLING: Phase = {
  phase: 'Installing',
  reason: 'InstallSucceeded',
  message: 'waiting for install components to report healthy',
};
export const SUCCEEDED: Phase = {
  phase: 'Succeeded',
  reason: 'InstallSucceeded',
  message: 'install strategy completed with no errors',
};

/** The next phase, `undefined` if nothing changes. @param deployments the CSV's current Deployments. */
export function nextPhase(
  csv: ClusterServiceVersion,
  groups: readonly OperatorGroup[],
  deployments: readonly (Deployment | undefined)[],
): Phase | undefined {
  const trouble = groupTrouble(csv, groups);
  if (trouble !== undefined) return trouble;
  const waiting = waitingFor(csv, deployments);
  switch (csv.status?.phase) {
    case undefined:
    case '':
    case 'Failed':
      return PENDING;
    case 'Pending':
      return READY;
    case 'InstallReady':
      return INSTALLING;
    case 'Installing':
      return waiting === undefined
        ? SUCCEEDED
        : { phase: 'Installing', reason: 'InstallWaiting', message: `installing: ${waiting}` };
    case 'Succeeded':
      return waiting === undefined
        ? undefined
        : { phase: 'Failed', reason: 'ComponentUnhealthy', message: `installing: ${waiting}` };
    default:
      return undefined;
  }
}

function groupTrouble(csv: ClusterServiceVersion, groups: readonly OperatorGroup[]): Phase | undefined {
  const failed = (reason: string, message: string): Phase => ({ phase: 'Failed', reason, message });
  const [group] = groups;
  if (group === undefined) return failed('NoOperatorGroup', 'csv in namespace with no operatorgroups');
  if (groups.length > 1) {
    return failed(
      'TooManyOperatorGroups',
      "csv created in namespace with multiple operatorgroups, can't pick one automatically",
    );
  }
  const targets = group.spec?.targetNamespaces ?? [];
  const all = csv.spec.installModes?.some(({ type, supported }) => type === 'AllNamespaces' && supported) ?? true;
  if (targets.length === 0)
    return all
      ? undefined
      : failed(
          'UnsupportedOperatorGroup',
          'AllNamespaces InstallModeType not supported, cannot configure to watch all namespaces',
        );
  const [mode, what] =
    targets.length > 1
      ? ['MultiNamespace', `${targets.length} namespaces`]
      : targets[0] === csv.metadata.namespace
        ? ['OwnNamespace', 'own namespace']
        : ['SingleNamespace', 'one namespace'];
  const supported = csv.spec.installModes?.some((one) => one.type === mode && one.supported) ?? false;
  return supported
    ? undefined
    : failed('UnsupportedOperatorGroup', `${mode} InstallModeType not supported, cannot configure to watch ${what}`);
}

/** The message of `kubectl rollout status`, which OLM uses too. */
function waitingFor(csv: ClusterServiceVersion, deployments: readonly (Deployment | undefined)[]): string | undefined {
  for (const [index, { name, spec }] of csv.spec.install.spec.deployments.entries()) {
    const { status } = deployments[index] ?? {};
    if (
      condition(status?.conditions, 'Available')?.status === 'True' &&
      (status?.availableReplicas ?? 0) >= spec.replicas
    )
      continue;
    const has = status?.availableReplicas ?? 0;
    return `waiting for deployment ${name} to become ready: Waiting for rollout to finish: ${has} of ${spec.replicas} updated replicas are available...\n`;
  }
  return undefined;
}

/** The status with the phase added to its history. */
export function statusWith(csv: ClusterServiceVersion, phase: Phase): CsvStatus {
  const at = now();
  const transition = csv.status?.phase === phase.phase ? (csv.status.lastTransitionTime ?? at) : at;
  const entry = { ...phase, lastTransitionTime: transition, lastUpdateTime: at };
  return { ...csv.status, ...entry, conditions: [...(csv.status?.conditions ?? []), entry].slice(-10) };
}

/**
 * When an object of a known kind is ready, and in which words it is not yet.
 *
 * Pods: every container ready. Deployments: as `kubectl rollout status`. ClusterServiceVersion: phase Succeeded.
 * Route: admitted by a router. Anything else: its Ready, Available, Established or Complete condition, or, where it
 * has no conditions, that it exists. ServiceMeshControlPlane and ServiceMeshMemberRoll report a Ready condition.
 */
import type { ApiObject } from '../kube/types.ts';

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly why: string };

const READY: Readiness = { ready: true };
const notReady = (why: string): Readiness => ({ ready: false, why });

export function readinessOf(object: ApiObject): Readiness {
  if (object.metadata.deletionTimestamp !== undefined) return notReady('is being deleted');
  const observed = numberAt(object.status, 'observedGeneration');
  if (observed !== undefined && object.metadata.generation !== undefined && observed < object.metadata.generation) {
    return notReady(`its controller has seen generation ${observed} of ${object.metadata.generation}`);
  }
  switch (object.kind) {
    case 'Pod':
      return podReadiness(object);
    case 'Deployment':
      return deploymentReadiness(object);
    case 'Namespace':
    case 'Project':
      return phaseReadiness(object, 'Active');
    case 'ClusterServiceVersion':
      return phaseReadiness(object, 'Succeeded');
    case 'Route':
      return routeReadiness(object);
    default:
      return conditionReadiness(object);
  }
}

function podReadiness(pod: ApiObject): Readiness {
  const containers = listAt(pod.spec, 'containers').length;
  const statuses = listAt(pod.status, 'containerStatuses');
  const ready = statuses.filter((status) => status['ready'] === true).length;
  const phase = textAt(pod.status, 'phase') ?? 'Pending';
  if (phase === 'Succeeded' || (phase === 'Running' && containers > 0 && ready === containers)) return READY;
  const waiting = statuses
    .map((status) => textAt(recordAt(recordAt(status, 'state'), 'waiting'), 'reason'))
    .find((reason) => reason !== undefined);
  return notReady(`${ready}/${containers} ${waiting ?? phase}`);
}

function deploymentReadiness(deployment: ApiObject): Readiness {
  const wanted = numberAt(deployment.spec, 'replicas') ?? 1;
  const updated = numberAt(deployment.status, 'updatedReplicas') ?? 0;
  const available = numberAt(deployment.status, 'availableReplicas') ?? 0;
  const all = numberAt(deployment.status, 'replicas') ?? 0;
  if (numberAt(deployment.status, 'observedGeneration') === undefined)
    return notReady('its controller has not seen it yet');
  if (updated < wanted) return notReady(`${updated} of ${wanted} replicas are updated`);
  if (all > updated) return notReady(`${all - updated} old replicas are still there`);
  if (available < wanted) return notReady(`${available} of ${wanted} replicas are available`);
  return READY;
}

function phaseReadiness(object: ApiObject, wanted: string): Readiness {
  const phase = textAt(object.status, 'phase');
  if (phase === wanted) return READY;
  const message = textAt(object.status, 'message');
  return notReady(`phase is ${phase ?? 'not set'}${message === undefined ? '' : ` (${message})`}`);
}

function routeReadiness(route: ApiObject): Readiness {
  const admitted = listAt(route.status, 'ingress')
    .flatMap((ingress) => listAt(ingress, 'conditions'))
    .find((condition) => condition['type'] === 'Admitted');
  if (admitted?.['status'] === 'True') return READY;
  return notReady(
    admitted === undefined ? 'no router has admitted it' : `not admitted: ${describeCondition(admitted)}`,
  );
}

const POSITIVE_CONDITIONS = ['Ready', 'Available', 'Established', 'Complete', 'Succeeded'];

function conditionReadiness(object: ApiObject): Readiness {
  const conditions = listAt(object.status, 'conditions');
  if (conditions.length === 0) return CONTROLLED.has(object.kind) ? notReady('has no conditions yet') : READY;
  for (const type of POSITIVE_CONDITIONS) {
    const condition = conditions.find((candidate) => candidate['type'] === type);
    if (condition !== undefined) return condition['status'] === 'True' ? READY : notReady(describeCondition(condition));
  }
  return notReady(conditions.map(describeCondition).join('; '));
}

/** Kinds whose operator reports conditions: without any they are not ready. Other kinds without conditions are ready when they exist. */
const CONTROLLED: ReadonlySet<string> = new Set([
  'ServiceMeshControlPlane',
  'ServiceMeshMemberRoll',
  'ServiceMeshMember',
  'CustomResourceDefinition',
]);

/** `Ready=False (PausingInstall): Paused until …` */
export function describeCondition(condition: Readonly<Record<string, unknown>>): string {
  const reason = textAt(condition, 'reason');
  const message = textAt(condition, 'message');
  return `${textAt(condition, 'type')}=${textAt(condition, 'status')}${reason === undefined ? '' : ` (${reason})`}${message === undefined ? '' : `: ${message}`}`;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
export function recordAt(of: Fields | undefined, key: string): Fields | undefined {
  const value = of?.[key];
  return isRecord(value) ? value : undefined;
}
export function listAt(of: Fields | undefined, key: string): readonly Fields[] {
  const value = of?.[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
export function textAt(of: Fields | undefined, key: string): string | undefined {
  const value = of?.[key];
  return typeof value === 'string' ? value : undefined;
}
function numberAt(of: Fields | undefined, key: string): number | undefined {
  const value = of?.[key];
  return typeof value === 'number' ? value : undefined;
}

/** Conditions in the statuses of Gateways and HTTPRoutes, with istiod's messages. Pure. */
import { withCondition } from '../../client/conditions.ts';
import type { Condition } from '../../client/kinds.ts';
import {
  CONTROLLERS,
  ISTIO_CONTROLLER,
  type KubeGateway,
  type ListenerStatus,
  type ParentReference,
  type RouteParentStatus,
} from '../model/gateway-api.ts';
import type { RouteResult } from './convert.ts';
import type { Listener } from './listeners.ts';
import { type Attachment, isListener } from './parents.ts';
import type { Problem } from './problem.ts';

interface ApiCondition extends Condition {
  observedGeneration?: number;
}

/** The condition if all is well, and the findings that replace it. */
interface Finding {
  readonly reason: string;
  readonly message: string;
  readonly problem?: Problem | undefined;
  /** The condition if all is well. */
  readonly well?: 'False';
}

/** @param findings by type. */
export function conditionsOf(
  before: readonly Condition[],
  generation: number,
  findings: Readonly<Record<string, Finding>>,
): readonly Condition[] {
  const names = Object.keys(findings).sort();
  return names.reduce<Condition[]>(
    (all, type) => {
      const { reason, message, problem, well = 'True' } = findings[type] ?? { reason: type, message: '' };
      const ill = well === 'True' ? 'False' : 'True';
      const next: ApiCondition =
        problem === undefined ? { type, status: well, reason, message } : { type, status: ill, ...problem };
      return stamped(withCondition(all, next), type, generation);
    },
    [...before],
  );
}

function stamped(conditions: readonly Condition[], type: string, generation: number): Condition[] {
  return conditions.map((one) => (one.type === type ? { ...one, observedGeneration: generation } : one));
}

export function listenerStatus(listener: Listener, attached: number): ListenerStatus {
  const { gateway, spec, kinds, problems } = listener;
  const before = gateway.status?.listeners?.find(({ name }) => name === spec.name);
  const fine = (reason: string, problem?: Problem): Finding => ({ reason, message: 'No errors found', problem });
  const invalidKinds = kinds.valid ? undefined : { reason: 'InvalidRouteKinds', message: 'Invalid route kinds' };
  return {
    name: spec.name,
    attachedRoutes: attached,
    supportedKinds: kinds.supported,
    conditions: conditionsOf(before?.conditions ?? [], gateway.metadata.generation ?? 1, {
      Accepted: fine('Accepted', problems.Accepted),
      Conflicted: { ...fine('NoConflicts'), well: 'False' },
      Programmed: fine('Programmed', problems.Programmed),
      ResolvedRefs: fine('ResolvedRefs', invalidKinds ?? problems.ResolvedRefs),
    }),
  };
}

/** How many routes are attached to a listener. */
export function attachedTo(listener: Listener, routes: readonly RouteResult[]): number {
  const isHere = ({ to, denied }: Attachment): boolean =>
    denied === undefined && isListener(to) && to.internalName === listener.internalName;
  return routes.filter(({ attachments }) => attachments.some(isHere)).length;
}

/** @param programmed the condition of the Gateway's proxies. */
export function gatewayConditions(
  gateway: KubeGateway,
  programmed: { readonly message: string; readonly problem?: Problem },
): readonly Condition[] {
  return conditionsOf(gateway.status?.conditions ?? [], gateway.metadata.generation ?? 1, {
    Accepted: { reason: 'Accepted', message: 'Resource accepted' },
    Programmed: { reason: 'Programmed', ...programmed },
  });
}

/**
 * @param rejection why a proxy rejects the route.
 * @returns one entry per parent; entries of other controllers are kept.
 */
export function parentStatuses(
  { route, attachments, rules }: RouteResult,
  rejection: string | undefined,
): readonly RouteParentStatus[] {
  const before = route.status?.parents ?? [];
  const foreign = before.filter(({ controllerName }) => !CONTROLLERS.includes(controllerName));
  const references = new Map(attachments.map(({ reference }) => [keyOf(reference), reference]));
  const own = [...references].map(([key, parentRef]) => {
    const all = attachments.filter(({ reference }) => keyOf(reference) === key);
    const problem = all.some(({ to }) => isListener(to)) ? rules.gateway.problem : rules.mesh.problem;
    const controllerName = all.map(({ to }) => to).find(isListener)?.controller ?? ISTIO_CONTROLLER;
    const known = before.find((one) => one.controllerName === controllerName && keyOf(one.parentRef) === key);
    return {
      parentRef,
      controllerName,
      conditions: conditionsOf(known?.conditions ?? [], route.metadata.generation ?? 1, {
        Accepted: acceptance(all, rejection),
        ResolvedRefs: { reason: 'ResolvedRefs', message: 'All references resolved', problem },
      }),
    };
  });
  return [...foreign, ...own];
}

function acceptance(attachments: readonly Attachment[], rejection: string | undefined): Finding {
  const bound = attachments.filter(({ denied }) => denied === undefined).length;
  const message = bound > 1 ? `Route was valid, bound to ${bound} parents` : 'Route was valid';
  const left = `left out, since a proxy refuses it: ${rejection ?? ''}`;
  const problem = rejection === undefined ? denial(attachments) : { reason: 'UnsupportedValue', message: left };
  return { reason: 'Accepted', message, problem };
}

const SEVERITY = ['NotAllowedByListeners', 'NoMatchingListenerHostname', 'NoMatchingParent'];

/** Accepted if attached anywhere; otherwise the closest miss is reported. */
function denial(attachments: readonly Attachment[]): Problem | undefined {
  const denied = attachments.flatMap((one) => one.denied ?? []);
  if (denied.length < attachments.length) return undefined;
  const worst = SEVERITY.find((reason) => denied.some((one) => one.reason === reason)) ?? '';
  const messages = denied.filter(({ reason }) => reason === worst).map(({ message }) => message);
  return { reason: worst, message: messages.join('; ') };
}

function keyOf({ group, kind, namespace, name, sectionName, port }: ParentReference): string {
  return JSON.stringify([group, kind, namespace, name, sectionName, port]);
}

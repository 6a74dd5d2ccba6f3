/**
 * Whether all proxies of a mesh have the current version of a rule, as reported by the mesh itself: the condition `Reconciled` in
 * the rule's status. The sandbox always writes it, istiod only with its status feature on (`PILOT_ENABLE_STATUS`). If it is not
 * reported, requests must show it.
 */
import type { ApiObject } from '../kube/types.ts';
import { recordsAt, textAt } from '../model/fields.ts';
import type { ObjectReference, Position, Step } from '../model/lab.ts';
import { awaitObjects, type Verdict } from './await.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { awaitKind } from './kinds.ts';

/** Kinds that a control plane distributes to its proxies and whose arrival it can report, by the names that people type. */
const RULES: readonly (readonly string[])[] = [
  ['virtualservice', 'virtualservices', 'vs'],
  ['destinationrule', 'destinationrules', 'dr'],
  ['gateway', 'gateways', 'gw'],
  ['serviceentry', 'serviceentries', 'se'],
  ['sidecar', 'sidecars'],
  ['peerauthentication', 'peerauthentications', 'pa'],
  ['requestauthentication', 'requestauthentications', 'ra'],
  ['authorizationpolicy', 'authorizationpolicies', 'ap'],
];

export function isMeshRule(kind: string): boolean {
  const name = kind.toLowerCase().split('.')[0] ?? '';
  return RULES.some((names) => names.includes(name));
}

/** By then a mesh that reports arrival has written something about a rule, if only that it is not everywhere yet. */
const FIRST_WORD_MS = 1_500;
/** Reasons that waiting can't resolve. False without a reason means the rule is on its way. */
const REFUSALS: readonly string[] = ['Invalid', 'RejectedByProxy'];

/** What a rule's status says about its distribution. */
export type Arrival =
  | { readonly state: 'arrived' | 'refused' | 'on its way'; readonly message: string }
  | { readonly state: 'untold' };

/** @param rule as the API serves it. */
export function arrivalOf(rule: ApiObject): Arrival {
  const said = recordsAt(rule.status, 'conditions').find(({ type }) => type === 'Reconciled');
  // Istio's own clients write the number as a string.
  const observed = Number(rule.status?.['observedGeneration'] ?? Number.NaN);
  if (said === undefined || Number.isNaN(observed)) return { state: 'untold' };
  const message = textAt(said, 'message') ?? '';
  if (observed < (rule.metadata.generation ?? 0)) return { state: 'on its way', message };
  if (said['status'] === 'True') return { state: 'arrived', message };
  const reason = textAt(said, 'reason');
  if (reason === undefined) return { state: 'on its way', message };
  return REFUSALS.includes(reason) ? { state: 'refused', message } : { state: 'untold' };
}

/** Rules that all proxies must have. */
export interface RulesToArrive {
  readonly rules: readonly ObjectReference[];
  readonly at: Position;
}
type Asked = Step & { readonly arrived: RulesToArrive };

/**
 * Watches until the mesh has reported for each rule that all proxies have it; each that has arrived is observed.
 * @param deadline `performance.now()` milliseconds.
 * @returns false if the mesh does not report it, or not by the deadline.
 * @throws {StepFailure} `LW-RULE-REFUSED`.
 */
export async function haveArrived(step: Asked, deadline: number, context: ClusterContext): Promise<boolean> {
  for (const rule of step.arrived.rules) if (!(await hasArrived(step, rule, deadline, context))) return false;
  return true;
}

async function hasArrived(
  step: Asked,
  { kind: named, name, namespace: written }: ObjectReference,
  deadline: number,
  context: ClusterContext,
): Promise<boolean> {
  const started = performance.now();
  const kind = await awaitKind(step, named, deadline, context);
  const namespace = written ?? (await context.terminal.namespace());
  const watch = async (timeoutMs: number) => {
    const awaited = { kind, filter: { namespace, fieldSelector: `metadata.name=${name}` } };
    return (await awaitObjects(context.api, awaited, { timeoutMs, signal: context.signal }, judge)).objects[0];
  };
  const left = () => deadline - performance.now();
  let rule = await watch(Math.min(FIRST_WORD_MS, left()));
  if (rule !== undefined && arrivalOf(rule).state === 'on its way' && left() > 0) rule = await watch(left());
  const arrival = rule === undefined ? undefined : arrivalOf(rule);
  const what = `${kind.kind} ${name}`;
  if (arrival?.state === 'refused')
    throw new StepFailure({
      code: 'LW-RULE-REFUSED',
      message: `the mesh refuses ${what}`,
      expected: 'all proxies up to date',
      actual: arrival.message,
      at: step.arrived.at,
      next: `oc get ${kind.plural} ${name} -n ${namespace} -o yaml`,
    });
  if (arrival?.state !== 'arrived') return false;
  context.observe({
    kind: 'arrival',
    rule: what,
    toldBy: 'proxies',
    message: arrival.message,
    generation: rule?.metadata.generation ?? 0,
    waitedMs: Math.round(performance.now() - started),
  });
  return true;
}

function judge([rule]: readonly ApiObject[]): Verdict {
  if (rule === undefined) return { held: false, why: 'it does not exist' };
  const { state } = arrivalOf(rule);
  return { held: state === 'arrived', failed: state === 'refused', why: state };
}

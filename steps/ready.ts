/** `ready`: watches until objects are ready (or until a CEL expression or a subset matches). */

import { matchObject } from '../expect/object.ts';
import type { ApiObject, ListFilter, ServedKind } from '../kube/types.ts';
import { readObject } from '../language/expectations.ts';
import { durationOf, type Reading } from '../language/reading.ts';
import type { RawReady } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml-document.ts';
import { groupOf } from '../model/api-version.ts';
import { formatSeconds } from '../model/duration.ts';
import type { Failure } from '../model/evidence.ts';
import type { ObjectExpectation, ObjectReference, Step } from '../model/lab.ts';
import { type Awaiting, awaitObjects, explain, type Verdict } from './await.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { awaitKind } from './kinds.ts';
import { knownReadiness, readinessOf, readinessOfKind } from './readiness/index.ts';
import { type ReadyTarget, readTarget } from './ready-target.ts';
import { namesOf } from './references.ts';
import { defineVerb } from './verb.ts';

export interface ReadyStep extends Step {
  readonly verb: 'ready';
  readonly target: ReadyTarget;
  /** A CEL expression over `object`, for kinds without built-in readiness, or for a stricter condition. */
  readonly until?: string;
  readonly expect?: ObjectExpectation;
  readonly within: number;
}

const DEFAULT_WITHIN_MS = 120_000;

export const ready = defineVerb<ReadyStep>({
  name: 'ready',
  nature: 'waits',
  read: readReady,
  onCluster: awaitReady,
});

function readReady(raw: RawReady, path: Path, reading: Reading): ReadyStep {
  const target = readTarget(raw, path, reading);
  const what = 'objects' in target ? namesOf(target.objects) : `${target.kind} with ${target.selector}`;
  return {
    verb: 'ready',
    ...baseOf('ready', raw, `wait for ${what}`, path, reading),
    target,
    ...(raw.until === undefined ? {} : { until: reading.expression(raw.until, [...path, 'until']) }),
    ...readObject(raw.expect, [...path, 'expect'], reading),
    within: durationOf(raw.within, [...path, 'within'], reading, DEFAULT_WITHIN_MS),
  };
}

/** @throws {StepFailure} `LW-READY-TIMEOUT`, `LW-KIND-UNKNOWN`. */
async function awaitReady(step: ReadyStep, context: ClusterContext): Promise<void> {
  const deadline = performance.now() + step.within;
  const targets = 'objects' in step.target ? step.target.objects : [step.target];
  for (const target of targets) await awaitTarget(step, target, deadline, context);
}

type Target = ReadyStep['target'] extends infer T ? (T extends { objects: readonly (infer R)[] } ? R : T) : never;

async function awaitTarget(step: ReadyStep, target: Target, deadline: number, context: ClusterContext): Promise<void> {
  const started = performance.now();
  const kind = await awaitKind(step, target.kind, deadline, context);
  const objects = await awaitKindReady(step, target, kind, deadline, context);
  for (const object of objects) await awaitCompanion(step, object, deadline, context);
  const waitedMs = Math.round(performance.now() - started);
  for (const object of objects)
    context.observe({ kind: 'object', title: `${kind.kind} ${object.metadata.name}`, object: brief(object), waitedMs });
}

async function awaitKindReady(
  step: Asked,
  target: Target,
  kind: ServedKind,
  deadline: number,
  context: ClusterContext,
): Promise<readonly ApiObject[]> {
  const filter = await filterOf(target, kind, context);
  const outcome = await awaitObjects(
    context.api,
    { kind, filter },
    { timeoutMs: deadline - performance.now(), signal: context.signal },
    (seen) => judge(step, target, kind, seen),
  );
  if (outcome.held) return outcome.objects;
  // Ready, but not as expected: later steps have what they need and can still be judged.
  const blocks = !judge(step, target, kind, outcome.objects, judgeState).held;
  throw new StepFailure(await failureOf(step, target, kind, outcome, context), { blocks });
}

/** Objects that must be ready too: a Service's Endpoints. */
async function awaitCompanion(
  step: ReadyStep,
  object: ApiObject,
  deadline: number,
  context: ClusterContext,
): Promise<void> {
  const companion = step.until === undefined ? knownReadiness(object)?.companion : undefined;
  if (companion === undefined || companion.unless(object)) return;
  const kind = await context.api.resolveObject(companion.apiVersion, companion.kind);
  if (kind === undefined) return;
  const { name, namespace } = object.metadata;
  const target = { kind: companion.kind, name, ...(namespace === undefined ? {} : { namespace }) };
  await awaitKindReady({ at: step.at, within: step.within }, target, kind, deadline, context);
}

async function filterOf(target: Target, kind: ServedKind, context: ClusterContext): Promise<ListFilter> {
  const namespace = kind.namespaced ? (target.namespace ?? (await context.terminal.namespace())) : undefined;
  const scope = namespace === undefined ? {} : { namespace };
  return 'selector' in target
    ? { ...scope, labelSelector: target.selector }
    : { ...scope, fieldSelector: `metadata.name=${target.name}` };
}

type Asked = Pick<ReadyStep, 'until' | 'at' | 'within' | 'expect'>;

/** @param judgeEach the condition for each object: all expectations, or only readiness. */
function judge(
  step: Asked,
  target: Target,
  kind: ServedKind,
  objects: readonly ApiObject[],
  judgeEach = judgeOne,
): Verdict {
  const wanted = 'selector' in target ? target.count : 1;
  const what = describeTarget(target, kind);
  if (objects.length === 0 || (wanted !== undefined && objects.length !== wanted)) {
    const there =
      'selector' in target
        ? `there are ${objects.length}${wanted === undefined ? '' : `, not ${wanted}`}`
        : 'does not exist';
    return { held: false, why: `${what}: ${there}` };
  }
  for (const object of objects) {
    const verdict = judgeEach(step, object);
    if (!verdict.held) return { ...verdict, why: `${kind.kind} ${object.metadata.name}: ${verdict.why}` };
  }
  return { held: true, why: '' };
}

function judgeOne(step: Asked, object: ApiObject): Verdict {
  const verdict = judgeState(step, object);
  const mismatch = verdict.held && step.expect !== undefined ? matchObject(step.expect, object) : undefined;
  if (mismatch === undefined) return verdict;
  return { held: false, why: `${mismatch.message}; expected ${mismatch.expected}, seen ${mismatch.actual}` };
}

function judgeState(step: Asked, object: ApiObject): Verdict {
  if (step.until !== undefined) {
    const mismatch = matchObject({ kind: 'cel', expression: step.until, at: step.at }, object);
    return mismatch === undefined ? { held: true, why: '' } : { held: false, why: mismatch.message };
  }
  // Data has no readiness of its own: the expectation defines what is waited for.
  if (step.expect !== undefined && readinessOfKind(qualified(object)) === 'none') return { held: true, why: '' };
  const readiness = readinessOf(object);
  return readiness.ready
    ? { held: true, why: '' }
    : { held: false, failed: readiness.failed === true, why: readiness.why };
}

/** `configmap.`, `role.rbac.authorization.k8s.io` */
function qualified({ apiVersion, kind }: ApiObject): string {
  return `${kind}.${groupOf(apiVersion)}`;
}

async function failureOf(
  step: Asked,
  target: Target,
  kind: ServedKind,
  { failed, why, objects }: Pick<Awaiting, 'failed' | 'why' | 'objects'>,
  context: ClusterContext,
): Promise<Failure> {
  const what = describeTarget(target, kind);
  const namespace = target.namespace ?? (await context.terminal.namespace());
  return {
    code: failed ? 'LW-READY-FAILED' : 'LW-READY-TIMEOUT',
    message: failed
      ? `${what} can't become ready`
      : `${what} did not become ready within ${formatSeconds(step.within)}`,
    expected: step.until === undefined ? `${what} ready` : step.until,
    actual: why,
    at: step.at,
    details: await explain(context.api, kind, objects),
    next: `oc describe ${kind.plural} ${'selector' in target ? `-l ${target.selector}` : target.name}${kind.namespaced ? ` -n ${namespace}` : ''}`,
  };
}

function describeTarget(target: Target, kind: ServedKind): string {
  return 'selector' in target
    ? `${kind.plural} with ${target.selector}`
    : `${kind.kind} ${(target satisfies ObjectReference).name}`;
}

/** Enough of an object to prove its state, without the rest. */
function brief(object: ApiObject): object {
  const { name, namespace, labels } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { name, namespace, labels },
    status: object.status,
  };
}

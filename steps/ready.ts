/** `ready`: waits, on a watch, until objects are ready (or until a CEL expression or a subset holds). */

import { matchObject } from '../expect/object.ts';
import type { ApiObject, ListFilter, ServedKind } from '../kube/types.ts';
import { readObject } from '../language/expectations.ts';
import { durationOf, type Reading } from '../language/reading.ts';
import type { RawReady } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml.ts';
import type { Failure } from '../model/evidence.ts';
import type { ObjectExpectation, ObjectKind, ObjectReference, Step } from '../model/lab.ts';
import { awaitObjects, explain, type Verdict } from './await.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { awaitKind } from './kinds.ts';
import { readinessOf } from './readiness.ts';
import { namesOf, referencesOf } from './references.ts';
import { defineVerb } from './verb.ts';

export interface ReadyStep extends Step {
  readonly verb: 'ready';
  /** One or more named objects, or all that a label selector finds. */
  readonly target:
    | { readonly objects: readonly ObjectReference[] }
    | { readonly kind: ObjectKind; readonly namespace?: string; readonly selector: string; readonly count?: number };
  /** A CEL expression over `object`, for kinds whose readiness is not built in, or to ask for more. */
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
  const target = readyTarget(raw, path, reading);
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

function readyTarget(raw: RawReady, path: Path, reading: Reading): ReadyStep['target'] {
  const { ready, selector, count, namespace } = raw;
  const named = Array.isArray(ready) || ready.includes('/');
  if (named && (selector !== undefined || count !== undefined)) {
    const key = selector === undefined ? 'count' : 'selector';
    reading.problem(
      'LW-SCHEMA',
      [...path, key],
      `\`${key}\` beside objects that are named`,
      'a kind alone, such as `ready: pods`',
    );
  }
  if (Array.isArray(ready)) return { objects: referencesOf(ready, namespace) };
  if (named) return { objects: referencesOf(ready, namespace) };
  if (selector === undefined)
    reading.problem(
      'LW-SCHEMA',
      [...path, 'ready'],
      `which ${ready}?`,
      `\`${ready}/name\`, or \`selector:\` beside it`,
    );
  return {
    kind: ready,
    selector: selector ?? '',
    ...(namespace === undefined ? {} : { namespace }),
    ...(count === undefined ? {} : { count }),
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
  const filter = await filterOf(target, kind, context);
  const { held, why, objects } = await awaitObjects(
    context.api,
    { kind, filter },
    { timeoutMs: deadline - performance.now(), signal: context.signal },
    (seen) => judge(step, target, kind, seen),
  );
  if (!held) {
    // Ready, but not as promised: what comes next has all it needs and can still be judged.
    const blocks = !judge({ ...step, expect: undefined }, target, kind, objects).held;
    throw new StepFailure(await timeoutFailure(step, target, kind, why, objects, context), { blocks });
  }
  const waitedMs = Math.round(performance.now() - started);
  for (const object of objects)
    context.observe({ kind: 'object', title: `${kind.kind} ${object.metadata.name}`, object: brief(object), waitedMs });
}

async function filterOf(target: Target, kind: ServedKind, context: ClusterContext): Promise<ListFilter> {
  const namespace = kind.namespaced ? (target.namespace ?? (await context.terminal.namespace())) : undefined;
  const scope = namespace === undefined ? {} : { namespace };
  return 'selector' in target
    ? { ...scope, labelSelector: target.selector }
    : { ...scope, fieldSelector: `metadata.name=${target.name}` };
}

type Asked = Pick<ReadyStep, 'until' | 'at'> & { readonly expect?: ReadyStep['expect'] | undefined };

function judge(step: Asked, target: Target, kind: ServedKind, objects: readonly ApiObject[]): Verdict {
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
    const verdict = judgeOne(step, object);
    if (!verdict.held) return { held: false, why: `${kind.kind} ${object.metadata.name}: ${verdict.why}` };
  }
  return { held: true, why: '' };
}

function judgeOne(step: Asked, object: ApiObject): Verdict {
  if (step.until === undefined) {
    const readiness = readinessOf(object);
    if (!readiness.ready) return { held: false, why: readiness.why };
  } else {
    const mismatch = matchObject({ kind: 'cel', expression: step.until, at: step.at }, object);
    if (mismatch !== undefined) return { held: false, why: mismatch.message };
  }
  const mismatch = step.expect === undefined ? undefined : matchObject(step.expect, object);
  return mismatch === undefined
    ? { held: true, why: '' }
    : { held: false, why: `${mismatch.message}; expected ${mismatch.expected}, seen ${mismatch.actual}` };
}

async function timeoutFailure(
  step: ReadyStep,
  target: Target,
  kind: ServedKind,
  why: string,
  objects: readonly ApiObject[],
  context: ClusterContext,
): Promise<Failure> {
  const what = describeTarget(target, kind);
  const namespace = target.namespace ?? (await context.terminal.namespace());
  return {
    code: 'LW-READY-TIMEOUT',
    message: `${what} did not become ready within ${step.within / 1_000} s`,
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

/** Enough of an object to prove its state, without the bulk. */
function brief(object: ApiObject): object {
  const { name, namespace, labels } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { name, namespace, labels },
    status: object.status,
  };
}

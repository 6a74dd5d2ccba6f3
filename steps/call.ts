/**
 * `call`: one HTTP or TCP call from inside the cluster, from a throw-away pod with or without a sidecar, and how it
 * ended. With `control:` a second pod sends the same request at the same moment, so that what is rejected is shown to be
 * there and answering.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { matchText } from '../expect/text.ts';
import { readTexts } from '../language/expectations.ts';
import { durationOf, type Reading } from '../language/reading.ts';
import type { RawCall } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml-document.ts';
import type { Position, Step, TextExpectation } from '../model/lab.ts';
import { type CallOutcome, type Ended, endedBy, WRITE_OUT } from './call-outcome.ts';
import { CONTAINER, createPod, POD_TIMEOUT_MS } from './call-pod.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { awaitObjectKind } from './kinds.ts';
import { type Access, defineVerb } from './verb.ts';
import { timed } from './wait.ts';

export interface CallStep extends Step, CallAttempt {
  readonly verb: 'call';
  /** `http://…` or `tcp://host:port`, as seen from the pod. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: readonly TextExpectation[];
  /** Must hold at the same moment: the positive control of a rejection. */
  readonly control?: CallAttempt;
  readonly within: number;
}

/** Where the URL is called from, and the expected outcome. */
interface CallAttempt {
  readonly from: { readonly namespace: string; readonly sidecar: boolean };
  readonly expect: CallOutcome;
  readonly at: Position;
}

const CALL_TIMEOUT_S = 5;
const PAUSE_MS = 200;
const DEFAULT_WITHIN_MS = 30_000;

export const call = defineVerb<CallStep>({
  name: 'call',
  nature: 'observes',
  read: readCall,
  variables: { url: 'shell' },
  // The deadline begins when the pod to call from is ready.
  timesItself: true,
  access: accessOf,
  onCluster: callFromPods,
});

function readCall(raw: RawCall, path: Path, reading: Reading): CallStep {
  const { expect } = raw;
  const { outcome, text } = typeof expect === 'object' ? expect : { outcome: expect, text: undefined };
  const control = readControl(raw, path, reading);
  return {
    verb: 'call',
    ...baseOf('call', raw, `call ${raw.call} ${describeCaller(raw)}`, path, reading),
    url: raw.call,
    from: raw.from,
    headers: raw.headers ?? {},
    expect: outcome,
    text: readTexts(text, [...path, 'expect', 'text'], reading),
    ...(control === undefined ? {} : { control }),
    within: durationOf(raw.within, [...path, 'within'], reading, DEFAULT_WITHIN_MS),
  };
}

/** An outcome alone means the same call from a pod that has a sidecar where the other has none, and the other way round. */
function readControl({ control, from }: RawCall, path: Path, reading: Reading): CallAttempt | undefined {
  if (control === undefined) return undefined;
  const at = reading.document.at([...path, 'control']);
  if (typeof control === 'object') return { ...control, at };
  return { from: { ...from, sidecar: !from.sidecar }, expect: control, at };
}

function accessOf({ from, control }: CallStep): Access[] {
  const namespaces = new Set([from.namespace, ...(control === undefined ? [] : [control.from.namespace])]);
  return [...namespaces].flatMap((namespace) => [
    ...['create', 'get', 'watch', 'delete'].map((verb) => ({ verb, group: '', resource: 'pods', namespace })),
    { verb: 'create', group: '', resource: 'pods/exec', namespace },
  ]);
}

/** A pod to call from, and the expected outcome. */
interface Caller extends CallAttempt {
  readonly pod: string;
}

/** @throws {StepFailure} `LW-CALL-OUTCOME`, `LW-CALL-CONTROL`, `LW-CALL-POD` if there is no pod to call from, `LW-EXPECT-TEXT`. */
async function callFromPods(step: CallStep, context: ClusterContext): Promise<void> {
  const pods = await awaitObjectKind(step, 'v1', 'Pod', performance.now() + POD_TIMEOUT_MS, context);
  const attempts = step.control === undefined ? [step] : [step, step.control];
  const callers = attempts.map((attempt) => ({ ...attempt, pod: `labwright-call-${randomBytes(3).toString('hex')}` }));
  try {
    await Promise.all(callers.map((caller) => createPod(caller, pods, caller.pod, context)));
    await timed(step, context, () => callUntilHeld(step, callers, context));
  } finally {
    // If deleting a pod fails, it ends by itself within the hour; the result of the call must not be lost because of it.
    for (const { pod, from } of callers) await context.api.delete(pods, pod, from.namespace).catch(() => undefined);
  }
}

async function callUntilHeld(step: CallStep, callers: readonly Caller[], context: ClusterContext): Promise<void> {
  const deadline = performance.now() + step.within;
  for (let attempts = 1; ; attempts += 1) {
    const calls = await Promise.all(callers.map((caller) => callOnce(step, caller, context)));
    const failure = judge(step, calls);
    if (failure === undefined || performance.now() >= deadline) {
      for (const called of calls) observeCall(step, called, attempts, context);
      if (failure !== undefined) throw failure;
      for (const { caller, outcome } of calls) observeHeld(step, caller, outcome, context);
      return;
    }
    context.signal.throwIfAborted();
    // The network can't be watched, only polled.
    await sleep(PAUSE_MS, undefined, { signal: context.signal });
  }
}

interface Called extends Ended {
  readonly caller: Caller;
  readonly requestId: string;
}

async function callOnce(step: CallStep, caller: Caller, context: ClusterContext): Promise<Called> {
  const { namespace, sidecar } = caller.from;
  // Proxies log it and pass it on, so evidence can be matched with their access logs.
  const requestId = step.headers['x-request-id'] ?? randomUUID();
  const headers = Object.entries({ ...step.headers, 'x-request-id': requestId });
  const tcp = isTcp(step);
  const curl = [
    'curl',
    '-sSi',
    '--max-time',
    String(CALL_TIMEOUT_S),
    '-w',
    WRITE_OUT,
    ...headers.flatMap(([header, value]) => ['-H', `${header}: ${value}`]),
    step.url.replace(/^tcp:/, 'telnet:'),
  ];
  // If a server waits for its client to speak, a proxy in between would not show, so a TCP call sends empty lines. There
  // are three because a proxy that looks for TLS waits for the five bytes of a record's header.
  const command = tcp ? ['sh', '-c', `printf '\\r\\n\\r\\n\\r\\n' | "$@"`, 'call', ...curl] : curl;
  const timeoutMs = (CALL_TIMEOUT_S + 5) * 1_000;
  const printed = await context.api.exec(namespace, caller.pod, CONTAINER, command, { timeoutMs });
  return { caller, requestId, ...endedBy(printed, { tcp, proxied: sidecar }) };
}

function isTcp({ url }: CallStep): boolean {
  return url.startsWith('tcp:');
}

/** The control is looked at first: a rejection of what is not there is no rejection. */
function judge(step: CallStep, calls: readonly Called[]): StepFailure | undefined {
  const [call, control] = calls;
  if (call === undefined) return undefined;
  if (control !== undefined && control.outcome !== control.caller.expect) return controlFailure(step, call, control);
  const { caller, outcome, output } = call;
  if (outcome !== caller.expect) {
    const beside =
      control === undefined
        ? ''
        : `; at the same moment the control, ${describeCaller(control.caller)}, got ${control.outcome}`;
    return new StepFailure({
      code: 'LW-CALL-OUTCOME',
      message: `${step.url}, called ${describeCaller(caller)}: ${outcome} instead of ${caller.expect}${beside}`,
      expected: String(caller.expect),
      actual: seen(call),
      at: caller.at,
    });
  }
  for (const expectation of step.text) {
    const mismatch = matchText(expectation, output);
    if (mismatch !== undefined)
      return new StepFailure({
        code: 'LW-EXPECT-TEXT',
        message: `${step.url}: ${mismatch.message}`,
        expected: mismatch.expected,
        actual: mismatch.actual,
        at: mismatch.at,
      });
  }
  return undefined;
}

function controlFailure(step: CallStep, call: Called, control: Called): StepFailure {
  const { caller } = control;
  const shows =
    call.outcome === call.caller.expect ? `${call.outcome} shows nothing` : `the call itself got ${call.outcome}`;
  return new StepFailure({
    code: 'LW-CALL-CONTROL',
    message: `${step.url}: the control, called ${describeCaller(caller)} at the same moment, got ${control.outcome} instead of ${caller.expect}, so ${shows}`,
    expected: `${caller.expect} ${describeCaller(caller)}`,
    actual: seen(control),
    at: caller.at,
    next: 'look at what is called: its pods, its proxy, and whether the mesh has the caller’s namespace',
  });
}

/** The outcome, what it shows, and the output of curl or the text of the answer. */
function seen({ outcome, meaning, output }: Called): string {
  return [`${outcome}${meaning === '' ? '' : `: ${meaning}`}`, output].join('\n').trim();
}

function observeCall(step: CallStep, called: Called, attempts: number, context: ClusterContext): void {
  const { caller, outcome, meaning, output, requestId } = called;
  context.observe({
    kind: 'call',
    url: step.url,
    from: describeCaller(caller),
    outcome: String(outcome),
    output,
    attempts,
    ...(isTcp(step) ? {} : { requestId }),
    ...(meaning === '' ? {} : { meaning }),
    ...(caller.at === step.control?.at ? { control: true } : {}),
  });
}

function observeHeld(step: CallStep, { expect, at }: Caller, outcome: CallOutcome, context: ClusterContext): void {
  context.observe({
    kind: 'expectation',
    what: at === step.control?.at ? 'outcome of the control' : 'outcome',
    expected: String(expect),
    actual: String(outcome),
    held: true,
    at,
  });
}

/** Where a call comes from, in words. */
function describeCaller({ from }: Pick<CallAttempt, 'from'>): string {
  return `from a pod ${from.sidecar ? 'with' : 'without'} sidecar in ${from.namespace}`;
}

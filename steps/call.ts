/**
 * `call`: one HTTP or TCP call from inside the cluster, from a throw-away pod with or without a sidecar, and how it
 * ended. The outcome is typed, so that only a connection that was reset counts as a proxy's rejection: a missing
 * Service, a dropped packet or a closed port are other outcomes.
 *
 * Exit codes: curl(1). 56 is what STRICT mutual TLS gives plaintext: Envoy closes with the request unread, so the
 * kernel sends a reset.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { matchText } from '../expect/text.ts';
import { readTexts } from '../language/expectations.ts';
import { durationOf, type Reading } from '../language/reading.ts';
import type { RawCall } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml-document.ts';
import type { Step, TextExpectation } from '../model/lab.ts';
import { CONTAINER, createPod, POD_TIMEOUT_MS } from './call-pod.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { awaitObjectKind } from './kinds.ts';
import { type Access, defineVerb } from './verb.ts';
import { timed } from './wait.ts';

export interface CallStep extends Step {
  readonly verb: 'call';
  /** `http://…` or `tcp://host:port`, as seen from the pod. */
  readonly url: string;
  readonly from: { readonly namespace: string; readonly sidecar: boolean };
  readonly headers: Readonly<Record<string, string>>;
  readonly expect: CallOutcome;
  readonly text: readonly TextExpectation[];
  readonly within: number;
}

/** An HTTP status, or how the connection ended. */
export type CallOutcome =
  | number
  | 'connected'
  | 'reset'
  | 'timeout'
  | 'no-such-host'
  | 'refused'
  | 'empty-reply'
  | 'other';

const CALL_TIMEOUT_S = 5;
const PAUSE_MS = 200;

const OUTCOME_OF_EXIT: ReadonlyMap<number, CallOutcome> = new Map([
  [6, 'no-such-host'],
  [7, 'refused'],
  [28, 'timeout'],
  [52, 'empty-reply'],
]);

const DEFAULT_WITHIN_MS = 30_000;

export const call = defineVerb<CallStep>({
  name: 'call',
  nature: 'observes',
  read: readCall,
  variables: { url: 'shell' },
  // The deadline begins when the pod to call from is ready.
  timesItself: true,
  access: accessOf,
  onCluster: callFromPod,
});

function readCall(raw: RawCall, path: Path, reading: Reading): CallStep {
  const { expect } = raw;
  const { outcome, text } = typeof expect === 'object' ? expect : { outcome: expect, text: undefined };
  const from = `${raw.from.sidecar ? 'with' : 'without'} sidecar in ${raw.from.namespace}`;
  return {
    verb: 'call',
    ...baseOf('call', raw, `call ${raw.call} from a pod ${from}`, path, reading),
    url: raw.call,
    from: raw.from,
    headers: raw.headers ?? {},
    expect: outcome,
    text: readTexts(text, [...path, 'expect', 'text'], reading),
    within: durationOf(raw.within, [...path, 'within'], reading, DEFAULT_WITHIN_MS),
  };
}

function accessOf({ from: { namespace } }: CallStep): Access[] {
  const pods = ['create', 'get', 'watch', 'delete'].map((verb) => ({ verb, group: '', resource: 'pods', namespace }));
  return [...pods, { verb: 'create', group: '', resource: 'pods/exec', namespace }];
}

/** @throws {StepFailure} `LW-CALL-OUTCOME`, `LW-CALL-POD` if there is no pod to call from, `LW-EXPECT-TEXT`. */
async function callFromPod(step: CallStep, context: ClusterContext): Promise<void> {
  const pods = await awaitObjectKind(step, 'v1', 'Pod', performance.now() + POD_TIMEOUT_MS, context);
  const name = `labwright-call-${randomBytes(3).toString('hex')}`;
  try {
    await createPod(step, pods, name, context);
    await timed(step, context, () => callFrom(step, name, context));
  } finally {
    // If deleting the pod fails, it ends by itself within the hour; the result of the call must not be lost because of it.
    await context.api.delete(pods, name, step.from.namespace).catch(() => undefined);
  }
}

async function callFrom(step: CallStep, pod: string, context: ClusterContext): Promise<void> {
  const deadline = performance.now() + step.within;
  for (let attempt = 1; ; attempt += 1) {
    const { outcome, output, requestId } = await callOnce(step, pod, context);
    const failure = judge(step, outcome, output);
    if (failure === undefined || performance.now() >= deadline) {
      context.observe({
        kind: 'call',
        url: step.url,
        from: describeCaller(step),
        outcome: String(outcome),
        output,
        attempts: attempt,
        ...(step.url.startsWith('tcp:') ? {} : { requestId }),
      });
      if (failure !== undefined) throw failure;
      context.observe({
        kind: 'expectation',
        what: 'outcome',
        expected: String(step.expect),
        actual: String(outcome),
        held: true,
        at: step.at,
      });
      return;
    }
    context.signal.throwIfAborted();
    // The network can't be watched, only polled.
    await sleep(PAUSE_MS, undefined, { signal: context.signal });
  }
}

async function callOnce(
  step: CallStep,
  pod: string,
  context: ClusterContext,
): Promise<{ outcome: CallOutcome; output: string; requestId: string }> {
  const requestId = step.headers['x-request-id'] ?? randomUUID();
  // Proxies log it and pass it on, so evidence can be matched with their access logs.
  const headers = Object.entries({ ...step.headers, 'x-request-id': requestId }).flatMap(([header, value]) => [
    '-H',
    `${header}: ${value}`,
  ]);
  const tcp = step.url.startsWith('tcp://');
  const curl = [
    'curl',
    '-sS',
    '--max-time',
    String(CALL_TIMEOUT_S),
    '-w',
    '\\n%{http_code} %{time_connect}',
    ...headers,
    step.url.replace(/^tcp:/, 'telnet:'),
  ];
  // If a server waits for its client to speak, a proxy in between would not show, so a TCP call sends empty lines. There
  // are three because a proxy that looks for TLS waits for the five bytes of a record's header.
  const command = tcp ? ['sh', '-c', `printf '\\r\\n\\r\\n\\r\\n' | "$@"`, 'call', ...curl] : curl;
  const { exit, stdout, stderr } = await context.api.exec(step.from.namespace, pod, CONTAINER, command, {
    timeoutMs: (CALL_TIMEOUT_S + 5) * 1_000,
  });
  const [, body = '', status = '0', connectTime = '0'] = /^([\s\S]*)\n(\d+) ([\d.]+)$/.exec(stdout) ?? [];
  const output = (stderr.trim() === '' ? body : `${body}${stderr}`).trim().slice(0, 4_000);
  if (tcp && (exit === 0 || exit === 28) && Number(connectTime) > 0) return { outcome: 'connected', output, requestId };
  if (exit === 0) return { outcome: Number(status), output, requestId };
  return { outcome: outcomeOf(exit, stderr), output: `${output} (curl exit code ${exit})`, requestId };
}

/** @param stderr curl's message: its codes 35 (TLS), 55 (sending) and 56 (receiving) have other causes than a reset too. */
function outcomeOf(exit: number, stderr: string): CallOutcome {
  if ([35, 55, 56].includes(exit) && /reset by peer/i.test(stderr)) return 'reset';
  return OUTCOME_OF_EXIT.get(exit) ?? 'other';
}

function judge(step: CallStep, outcome: CallOutcome, output: string): StepFailure | undefined {
  if (outcome !== step.expect) {
    return new StepFailure({
      code: 'LW-CALL-OUTCOME',
      message: `${step.url}, called ${describeCaller(step)}: ${outcome} instead of ${step.expect}`,
      expected: String(step.expect),
      actual: `${outcome}\n${output}`.trim(),
      at: step.at,
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

/** Where a call comes from, in words. */
function describeCaller(step: CallStep): string {
  return `from a pod ${step.from.sidecar ? 'with' : 'without'} sidecar in ${step.from.namespace}`;
}

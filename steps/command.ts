/** A command in the lab's terminal, its exit code and its output: what `run` and `check` have in common. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Mismatch, matchText } from '../expect/text.ts';
import { readTexts } from '../language/expectations.ts';
import type { Reading } from '../language/reading.ts';
import type { RawCheck, RawRun } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml.ts';
import type { Step, TextExpectation } from '../model/lab.ts';
import type { ClusterContext, CommandResult } from './context.ts';
import { expectationText } from './expectation-text.ts';
import { StepFailure } from './failure.ts';

export interface CommandStep extends Step {
  readonly verb: 'run' | 'check';
  readonly command: string;
  /** The exit code the command must end with; 0 unless the lab says otherwise. */
  readonly exit: number;
  readonly expect: readonly TextExpectation[];
}

export function readCommand<V extends CommandStep['verb']>(
  verb: V,
  command: string,
  raw: RawRun | RawCheck,
  path: Path,
  reading: Reading,
): CommandStep & { readonly verb: V } {
  const [first = '', ...rest] = command.trim().split('\n');
  reading.command(command, [...path, verb]);
  return {
    verb,
    ...baseOf(verb, raw, rest.length === 0 ? first : `${first} …`, path, reading),
    command: command.replace(/\n$/, ''),
    exit: raw.exit ?? 0,
    expect: readTexts(raw.expect, [...path, 'expect'], reading),
  };
}

/** A command that says nothing of a deadline may still not hang the run. */
const COMMAND_TIMEOUT_MS = 10 * 60_000;
/** A command that is asked again until a deadline must not be cut off by it before it can answer. */
const LAST_LOOK_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** @throws {StepFailure} `LW-RUN-EXIT` or `LW-EXPECT-TEXT`. */
export async function playCommand(step: CommandStep, context: ClusterContext): Promise<void> {
  const deadline = performance.now() + (step.within ?? 0);
  for (let attempt = 1, pause = FIRST_PAUSE_MS; ; attempt += 1) {
    const result = await context.terminal.run(step.command, {
      timeoutMs: step.within === undefined ? COMMAND_TIMEOUT_MS : Math.max(deadline - performance.now(), LAST_LOOK_MS),
      signal: context.signal,
    });
    const failure = judge(step, result, attempt);
    const left = deadline - performance.now();
    if (failure === undefined || left <= 0) {
      context.observe({ kind: 'command', command: step.command, ...result, attempts: attempt });
      if (failure !== undefined) throw failure;
      for (const expectation of step.expect) observeHeld(context, expectation, result.stdout);
      return;
    }
    // A command's output can't be watched, only asked for again.
    await sleep(Math.min(pause, left), undefined, { signal: context.signal });
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

function judge(step: CommandStep, result: CommandResult, attempts: number): StepFailure | undefined {
  const still =
    attempts === 1 || step.within === undefined ? '' : `, still after ${attempts} attempts in ${step.within / 1_000} s`;
  if (result.exit !== step.exit) {
    return new StepFailure({
      code: 'LW-RUN-EXIT',
      message: `\`${firstLine(step.command)}\` ended with exit code ${result.exit}${still}`,
      expected: `exit code ${step.exit}`,
      actual: `exit code ${result.exit}\n${(result.stderr + result.stdout).trim()}`,
      at: step.at,
    });
  }
  for (const expectation of step.expect) {
    // What a person sees is one stream; warnings on stderr must not break a table on stdout.
    const mismatch = matchText(expectation, result.stdout) && matchText(expectation, result.stdout + result.stderr);
    if (mismatch !== undefined) return textFailure(step.command, mismatch, still);
  }
  return undefined;
}

function textFailure(command: string, mismatch: Mismatch, still: string): StepFailure {
  return new StepFailure(
    {
      code: 'LW-EXPECT-TEXT',
      message: `\`${firstLine(command)}\`: ${mismatch.message}${still}`,
      expected: mismatch.expected,
      actual: mismatch.actual,
      at: mismatch.at,
    },
    { blocks: false },
  );
}

function observeHeld(context: ClusterContext, expectation: TextExpectation, actual: string): void {
  context.observe({
    kind: 'expectation',
    what: 'output',
    expected: expectationText(expectation),
    actual: actual.trimEnd(),
    held: true,
    at: expectation.at,
  });
}

function firstLine(command: string): string {
  const [line = '', ...rest] = command.trim().split('\n');
  return rest.length === 0 ? line : `${line} …`;
}

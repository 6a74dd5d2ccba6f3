/** `run` and `check`: a command in the lab's terminal, its exit code and its output. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Mismatch, matchText } from '../expect/text.ts';
import type { RunStep, TextExpectation } from '../model/lab.ts';
import type { ClusterContext, CommandResult } from './context.ts';
import { StepFailure } from './failure.ts';

/** A command that says nothing of a deadline may still not hang the run. */
const COMMAND_TIMEOUT_MS = 10 * 60_000;
/** A command that is asked again until a deadline must not be cut off by it before it can answer. */
const LAST_LOOK_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** @throws {StepFailure} `LW-RUN-EXIT` or `LW-EXPECT-TEXT`. */
export async function run(step: RunStep, context: ClusterContext): Promise<void> {
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

function judge(step: RunStep, result: CommandResult, attempts: number): StepFailure | undefined {
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

/** What the lab's author wrote, in one string. */
export function expectationText(expectation: TextExpectation): string {
  switch (expectation.kind) {
    case 'contains':
    case 'equals':
      return expectation.text;
    case 'pattern':
      return `/${expectation.pattern}/`;
    case 'like':
      return expectation.sample;
    case 'table':
      return expectation.rows.map(rowText).join('\n');
  }
}

function rowText({ cells, count }: Extract<TextExpectation, { kind: 'table' }>['rows'][number]): string {
  const row = Object.entries(cells).map(([column, value]) => `${column}: ${value}`);
  return `${row.join(', ')}${count === undefined ? '' : `  (${count} ${count === 1 ? 'row' : 'rows'})`}`;
}

function firstLine(command: string): string {
  const [line = '', ...rest] = command.trim().split('\n');
  return rest.length === 0 ? line : `${line} …`;
}

/** A command in the lab's terminal, its exit code and its output: the common part of `run` and `check`. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type Mismatch, matchText } from '../expect/text.ts';
import { readTexts } from '../language/expectations.ts';
import type { Reading } from '../language/reading.ts';
import type { RawCheck, RawRun } from '../language/schema.generated.ts';
import { commandsOf, looksAtExitCode, type ShellCommand } from '../language/shell/commands.ts';
import { endlessCommand } from '../language/shell/endless.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml-document.ts';
import { formatSeconds } from '../model/duration.ts';
import type { Position, Step, TextExpectation } from '../model/lab.ts';
import type { ClusterContext, CommandResult } from './context.ts';
import { expectationText } from './expectation-text.ts';
import { StepFailure } from './failure.ts';

export interface CommandStep extends Step {
  readonly verb: 'run' | 'check';
  readonly command: string;
  /** The position of each line of the command. */
  readonly lines: readonly Position[];
  /** The exit code expected of the command; 0 unless the lab says otherwise. */
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
    lines: command.split('\n').map((_, line) => reading.document.lineAt([...path, verb], line)),
    exit: raw.exit ?? 0,
    expect: readTexts(raw.expect, [...path, 'expect'], reading),
  };
}

/** A command without a deadline must not hang the run. */
const COMMAND_TIMEOUT_MS = 10 * 60_000;
/** A command that is repeated until a deadline must have time to answer. */
const LAST_LOOK_MS = 10_000;
/** Long enough to show the output of a command that never ends. */
const ENDLESS_TIMEOUT_MS = 15_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** One pass through the step's commands. */
interface Attempt {
  readonly results: readonly (CommandResult & { readonly command: string })[];
  readonly failure: StepFailure | undefined;
}

/** @throws {StepFailure} `LW-RUN-EXIT`, `LW-EXPECT-TEXT`, `LW-TERMINAL-TIMEOUT`, `LW-TERMINAL-ENDED`. */
export async function playCommand(step: CommandStep, context: ClusterContext): Promise<void> {
  const commands = placedCommands(step);
  const deadline = performance.now() + (step.within ?? 0);
  let before: Attempt | undefined;
  for (let count = 1, pause = FIRST_PAUSE_MS; ; count += 1) {
    const attempt = await playOnce(step, commands, { deadline, count, before }, context);
    const left = deadline - performance.now();
    if (attempt.failure === undefined || attempt.failure.failure.code === 'LW-TERMINAL-TIMEOUT' || left <= 0) {
      for (const result of attempt.results) context.observe({ kind: 'command', ...result, attempts: count });
      if (attempt.failure !== undefined) throw attempt.failure;
      for (const expectation of step.expect) observeHeld(context, expectation, printedBy(attempt).stdout);
      return;
    }
    before = attempt;
    // A command's output can't be watched, only polled.
    await sleep(Math.min(pause, left), undefined, { signal: context.signal });
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

interface PlacedCommand extends ShellCommand {
  readonly at: Position;
}

/** Each of several commands has its own line; a single one is the step itself. */
function placedCommands(step: CommandStep): readonly PlacedCommand[] {
  const commands = commandsOf(step.command);
  if (commands.length === 1) return commands.map((command) => ({ ...command, at: step.at }));
  return commands.map((command) => ({ ...command, at: step.lines[command.line] ?? step.at }));
}

interface Turn {
  /** `performance.now()` milliseconds. */
  readonly deadline: number;
  readonly count: number;
  readonly before: Attempt | undefined;
}

/** Each command counts: the first that fails ends the attempt, as it would stop a person. */
async function playOnce(
  step: CommandStep,
  commands: readonly PlacedCommand[],
  turn: Turn,
  context: ClusterContext,
): Promise<Attempt> {
  const still =
    turn.count === 1 || step.within === undefined
      ? ''
      : `, still after ${turn.count} attempts in ${formatSeconds(step.within)}`;
  const results: (CommandResult & { command: string })[] = [];
  for (const [index, command] of commands.entries()) {
    const next = commands[index + 1];
    let result: CommandResult;
    try {
      result = await context.terminal.run(command.text, {
        timeoutMs: timeoutOf(step, command, turn),
        signal: context.signal,
      });
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof StepFailure)) throw error;
      return { results, failure: cutShort(command, error, turn) };
    }
    results.push({ ...result, command: command.text });
    const wanted = next === undefined ? step.exit : 0;
    if (result.exit === wanted || (next !== undefined && looksAtExitCode(next.text))) continue;
    return { results, failure: exitFailure(command, result, wanted, still, commands.length > 1) };
  }
  return { results, failure: mismatchOf(step, printedBy({ results }), still) };
}

/** A command that never ends gets a shorter limit than one that may. */
function timeoutOf(step: CommandStep, command: PlacedCommand, { deadline }: Turn): number {
  if (step.within !== undefined) return Math.max(deadline - performance.now(), LAST_LOOK_MS);
  return endlessCommand(command.text) === undefined ? COMMAND_TIMEOUT_MS : ENDLESS_TIMEOUT_MS;
}

function cutShort(command: PlacedCommand, error: StepFailure, { count, before }: Turn): StepFailure {
  const instead = endlessCommand(command.text);
  const { failure } = error;
  const earlier = before === undefined ? '' : printedBy(before).stdout.trim();
  return new StepFailure(
    {
      ...failure,
      message: count === 1 ? failure.message : `${failure.message} at attempt ${count}`,
      at: command.at,
      ...(earlier === '' ? {} : { details: [{ title: 'Output of the attempt before', text: earlier.slice(-2_000) }] }),
      ...(instead === undefined || failure.code !== 'LW-TERMINAL-TIMEOUT'
        ? {}
        : { next: `this command never ends by itself; instead: ${instead}` }),
    },
    { cause: error },
  );
}

function exitFailure(
  command: PlacedCommand,
  result: CommandResult,
  wanted: number,
  still: string,
  several: boolean,
): StepFailure {
  return new StepFailure({
    code: 'LW-RUN-EXIT',
    message: `\`${firstLine(command.text)}\`${several ? `, in line ${command.at.line},` : ''} ended with exit code ${result.exit}${still}`,
    expected: `exit code ${wanted}`,
    actual: `exit code ${result.exit}\n${(result.stderr + result.stdout).trim()}`,
    at: command.at,
  });
}

/** For the output of all commands together. */
function mismatchOf(
  step: CommandStep,
  printed: { stdout: string; stderr: string },
  still: string,
): StepFailure | undefined {
  for (const expectation of step.expect) {
    // On a screen both streams are one; but warnings on stderr must not break a table on stdout.
    const mismatch = matchText(expectation, printed.stdout) && matchText(expectation, printed.stdout + printed.stderr);
    if (mismatch !== undefined) return textFailure(step.command, mismatch, still);
  }
  return undefined;
}

function printedBy({ results }: Pick<Attempt, 'results'>): { stdout: string; stderr: string } {
  return { stdout: results.map(({ stdout }) => stdout).join(''), stderr: results.map(({ stderr }) => stderr).join('') };
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

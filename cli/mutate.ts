/** `labwright mutate [lab]`: makes mistakes in a lab, one at a time, and reports which of them its checks catch. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runMutants } from '../mutate/engine/run.ts';
import type { Mutant, Result } from '../mutate/model.ts';
import { type Choice, chosenOf, mutantsOf } from '../mutate/mutants.ts';
import { headlineOf, tallyOf } from '../mutate/report/tally.ts';
import { loadLab } from '../steps/load.ts';
import { CliError, EXIT, type ExitCode } from './failure.ts';
import { findLab, ROOT, sectionFile } from './lab.ts';
import { operatorNames } from './mutate/operators.ts';
import { type Printer, printer } from './mutate/progress.ts';
import { type Findings, saveResults, writeReports } from './mutate/reports.ts';
import { keptSince } from './mutate/since.ts';

export interface MutateOptions {
  readonly section: readonly string[];
  readonly operator: readonly string[];
  readonly sample?: number;
  readonly seed: number;
  readonly jobs?: number;
  readonly json?: boolean;
  readonly list?: boolean;
  readonly since?: string;
  readonly reports?: string;
}

/**
 * @returns 0 if every mistake was caught, 1 if one was not, 130 if it was interrupted.
 * @throws {CliError}
 */
export async function mutate(given: string, options: MutateOptions): Promise<ExitCode> {
  const directory = findLab(given);
  for (const section of options.section) sectionFile(directory, section);
  const lab = loadLab(directory);
  const all = mutantsOf(lab);
  const chosen = chosenOf(all, choiceOf(options));
  if (chosen.length === 0)
    throw new CliError(
      EXIT.usage,
      'LW-NO-MUTANT',
      'The lab has nothing to which this kind of mistake applies.',
      'npx labwright mutate --list',
    );
  if (options.list === true) {
    const print = printer(chosen.length, { quiet: false });
    for (const mutant of chosen) print.listed(mutant);
    return EXIT.certified;
  }
  const reports = options.reports ?? join(ROOT, 'reports');
  const results = new Map<Mutant, Result>();
  if (options.since !== undefined)
    for (const result of await keptSince(lab, all, options.since, reports)) results.set(result.mutant, result);
  const open = chosen.filter((mutant) => !results.has(mutant));
  const print = printer(open.length, { quiet: options.json === true });
  print.kept(results.size);
  const inOrder = (): Result[] => all.flatMap((mutant) => results.get(mutant) ?? []);
  const findings = (): Findings => ({ lab, results: inOrder(), possible: all.length });
  const onResult = (result: Result): void => {
    results.set(result.mutant, result);
    saveResults(reports, findings());
    print.result(result);
  };
  const ending = await play(open, { lab, given, jobs: options.jobs ?? availableParallelism(), print, onResult });
  if (results.size === 0) {
    print.interrupted(open.length);
    return EXIT.interrupted;
  }
  const report = writeReports(reports, findings());
  const tally = tallyOf(inOrder());
  if (options.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
  else print.summary(headlineOf(tally), inOrder(), join(reports, 'mutation.html'));
  if (ending === 'interrupted') print.interrupted(open.filter((mutant) => !results.has(mutant)).length);
  if (ending === 'interrupted') return EXIT.interrupted;
  return tally.caught === tally.mistakes ? EXIT.certified : EXIT.labFailed;
}

interface Round {
  readonly lab: ReturnType<typeof loadLab>;
  /** The lab as named on the command line. */
  readonly given: string;
  readonly jobs: number;
  readonly print: Printer;
  /** Told of each mistake as soon as it is judged. */
  onResult(result: Result): void;
}

async function play(
  mutants: readonly Mutant[],
  { lab, given, jobs, print, onResult }: Round,
): Promise<'played' | 'interrupted'> {
  if (mutants.length === 0) return 'played';
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort(new Error('interrupted'));
  // Not `once`: what starts child processes ends this one at a signal that nothing else listens to any more.
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const holds = await runMutants(lab, mutants, {
      jobs,
      signal: interrupt.signal,
      onBaseline: (ending, durationMs) => print.baseline(ending, durationMs),
      onResult,
    });
    if (holds) return 'played';
  } catch (error) {
    if (interrupt.signal.aborted) return 'interrupted';
    throw error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
  throw new CliError(
    EXIT.labFailed,
    'LW-MUTATE-BASELINE',
    'The lab fails without a mistake, so mutation testing can’t show anything.',
    `npx labwright certify ${given}`,
  );
}

/** @throws {CliError} if one of the operators is unknown. */
function choiceOf({ operator, section, sample, seed }: MutateOptions): Choice {
  const operators = operatorNames(operator);
  return { operators, sections: section.map(Number), seed, ...(sample === undefined ? {} : { sample }) };
}

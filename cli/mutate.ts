/** `labwright mutate [lab]`: makes mistakes in a lab, one at a time, and says which of them its checks catch. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runMutants } from '../mutate/engine/run.ts';
import { type Choice, mutantsOf } from '../mutate/mutants.ts';
import { mutationPage } from '../mutate/report/page.ts';
import { mutationReport } from '../mutate/report/schema.ts';
import { headlineOf, tallyOf } from '../mutate/report/tally.ts';
import { loadLab } from '../steps/load.ts';
import { CliError, EXIT, type ExitCode } from './failure.ts';
import { findLab, ROOT, sectionFile, version } from './lab.ts';
import { printer } from './mutate/progress.ts';
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

/** @returns 0 when every mistake was caught, 1 when one was not. @throws {CliError} */
export async function mutate(given: string, options: MutateOptions): Promise<ExitCode> {
  const directory = findLab(given);
  for (const section of options.section) sectionFile(directory, section);
  const lab = loadLab(directory);
  const mutants = mutantsOf(lab, choiceOf(options));
  if (mutants.length === 0)
    throw new CliError(
      EXIT.usage,
      'LW-NO-MUTANT',
      'There is no place in the lab for such a mistake.',
      'npx labwright mutate --list',
    );
  const print = printer(mutants.length, { quiet: options.json === true });
  if (options.list === true) {
    for (const mutant of mutants) print.listed(mutant);
    return EXIT.certified;
  }
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort(new Error('interrupted')));
  const reports = options.reports ?? join(ROOT, 'reports');
  const kept = options.since === undefined ? [] : await keptSince(lab, mutants, options.since, reports);
  const open = mutants.filter((_, index) => kept[index] === undefined);
  for (const result of kept) if (result !== undefined) print.result(result);
  const played =
    open.length === 0
      ? []
      : await runMutants(lab, open, {
          jobs: options.jobs ?? availableParallelism(),
          signal: interrupt.signal,
          onBaseline: (ending, durationMs) => print.baseline(ending, durationMs),
          onResult: (result) => print.result(result),
        }).catch((error: unknown) => {
          if (interrupt.signal.aborted) return 'interrupted' as const;
          throw error;
        });
  if (played === 'interrupted') return EXIT.interrupted;
  if (open.length > 0 && played.length === 0)
    throw new CliError(
      EXIT.labFailed,
      'LW-MUTATE-BASELINE',
      'The lab fails without a mistake, so nothing would be shown by one.',
      `npx labwright certify ${given}`,
    );
  const again = new Map(played.map((result) => [result.mutant, result]));
  const results = mutants.flatMap((mutant, index) => kept[index] ?? again.get(mutant) ?? []);
  const report = mutationReport(lab, results, ROOT, version());
  mkdirSync(reports, { recursive: true });
  writeFileSync(join(reports, 'mutation.json'), JSON.stringify(report));
  const tally = tallyOf(results);
  writeFileSync(join(reports, 'mutation.html'), mutationPage(report, `${lab.title}: ${headlineOf(tally)}`));
  if (options.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
  else print.summary(headlineOf(tally), results, join(reports, 'mutation.html'));
  return tally.caught === tally.mistakes ? EXIT.certified : EXIT.labFailed;
}

function choiceOf({ operator, section, sample, seed }: MutateOptions): Choice {
  return { operators: operator, sections: section.map(Number), seed, ...(sample === undefined ? {} : { sample }) };
}

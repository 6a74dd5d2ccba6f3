/** Prints a line for each mutant as soon as it is judged. */
import { relative } from 'node:path';
import { formatDuration } from '../../model/duration.ts';
import type { Ending } from '../../mutate/engine/player.ts';
import { isRight, type Mutant, type Result } from '../../mutate/model.ts';
import { doubtOf } from '../../mutate/report/tally.ts';

export interface Printer {
  listed(mutant: Mutant): void;
  /** How many results of earlier runs are kept. */
  kept(count: number): void;
  baseline(ending: Ending, durationMs: number): void;
  result(result: Result): void;
  summary(headline: string, results: readonly Result[], report: string): void;
  /** @param open how many mutants were not played. */
  interrupted(open: number): void;
}

/** @param options.quiet prints only errors: standard output holds the JSON document. */
export function printer(count: number, { quiet }: { readonly quiet: boolean }): Printer {
  let done = 0;
  const say = (line: string): void => {
    if (!quiet) console.log(line);
  };
  return {
    listed: (mutant) => say(`${placeOf(mutant)}  ${mutant.operator}: ${mutant.description}`),
    kept: (earlier) => {
      if (earlier > 0) say(`${earlier} results of earlier runs are kept; ${count} mistakes to play.`);
    },
    baseline: (ending, durationMs) => {
      if (ending.kind === 'passed') {
        say(`Without a mistake the lab passes (${formatDuration(durationMs)}). ${count} mistakes to play.`);
        return;
      }
      const where = ending.kind === 'blocked' ? ending.by : ending.place.step.title;
      console.error(`Without a mistake: ${where}: ${'failure' in ending ? ending.failure.message : ending.kind}`);
    },
    result: (result) => {
      done += 1;
      say(`${String(done).padStart(String(count).length)}/${count} ${lineOf(result)}`);
    },
    summary: (headline, results, report) => {
      const open = results.filter(
        ({ status, kill }) => status === 'survived' || status === 'blocked' || (kill !== undefined && !isRight(kill)),
      );
      say('');
      for (const result of open) say(`${lineOf(result)}\n    ${placeOf(result.mutant)}`);
      const equivalent = results.filter(({ status }) => status === 'equivalent').length;
      const doubtful = open.filter(({ kill }) => kill !== undefined).length;
      if (doubtful > 0) say(`${doubtful} of the kills may be for another reason than the mistake.`);
      say(`${headline}${equivalent === 0 ? '' : `; ${equivalent} more make no difference`}.`);
      say(`Report  ${relative(process.cwd(), report)}`);
    },
    interrupted: (open) => {
      const left = open === 1 ? '1 mistake was' : `${open} mistakes were`;
      console.error(`Interrupted: ${left} not played. Run the same command with --since HEAD to play the rest.`);
    },
  };
}

function lineOf({ mutant, status, durationMs, killer, failure, reason, kill }: Result): string {
  const what = `${status.padEnd(10)} ${mutant.operator}: ${mutant.description} (${formatDuration(durationMs)})`;
  if (killer === undefined) return `${what}\n    ${status === 'survived' ? `missing: ${reason}` : (reason ?? '')}`;
  const by = `by section ${killer.section}, ${killer.exercise} › ${killer.step}`;
  const doubt = kill === undefined || isRight(kill) ? '' : `\n    ${doubtOf(kill)}`;
  return `${what}\n    ${by}\n    ${failure?.message ?? reason ?? ''}${doubt}`;
}

function placeOf({ edit: { file, start } }: Mutant): string {
  return `${relative(process.cwd(), file)}:${start.line}:${start.column}`;
}

/** Wraps a run: removes what an earlier run left, and adds the run to history and summary however it ends. */
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeInternalFault, INTERNAL_FAULT, INTERNAL_NEXT } from '../../model/internal-fault.ts';
import { appendRuns, type RunFacts, refusalOf } from '../../reporters/history/index.ts';
import { refusalMarkdown } from '../../reporters/summary.ts';
import { loadLab } from '../../steps/load.ts';
import { CliError, EXIT, type ExitCode } from '../failure.ts';
import { readRecord, writeIndex } from '../history.ts';
import { factsOf } from './facts.ts';
import { freshReports } from './reports.ts';
import type { Shard } from './shard.ts';

export interface Recording {
  /** The lab's folder. */
  readonly directory: string;
  readonly reports: string;
  /** Folder of the history. */
  readonly history: string;
  /** Context of the kubeconfig. */
  readonly context?: string;
  readonly shard?: Shard;
}

/** What the history calls a run that was refused. */
const KINDS: ReadonlyMap<ExitCode, 'not fit' | 'lost'> = new Map([
  [EXIT.notFit, 'not fit'],
  [EXIT.internal, 'not fit'],
  [EXIT.lost, 'lost'],
]);

/**
 * @param play gets the facts that the reporters write into the run's record.
 * @returns what `play` returns.
 */
export async function recorded(recording: Recording, play: (facts: RunFacts) => Promise<ExitCode>): Promise<ExitCode> {
  const { directory, reports, history } = recording;
  keepRun(reports, history);
  freshReports(reports);
  const facts = await factsOf(directory, recording);
  const startedAt = new Date().toISOString();
  let refused: CliError | undefined;
  try {
    return await play(facts);
  } catch (error) {
    refused = error instanceof CliError ? error : internal(error);
    throw error;
  } finally {
    if (refused?.exitCode === EXIT.usage) rmSync(join(reports, 'run.json'), { force: true });
    else if (refused !== undefined) refuse(refused, startedAt, facts, recording);
    keepRun(reports, history);
    writeIndex(reports, [history]);
    showSummary(reports);
  }
}

function internal(error: unknown): CliError {
  return new CliError(EXIT.internal, INTERNAL_FAULT, describeInternalFault(error), INTERNAL_NEXT);
}

/** Appends the run's record unless it was appended before. The record stays in the reports, for a merge. */
function keepRun(reports: string, history: string): void {
  const run = readRecord(reports);
  const kept = join(reports, 'run.kept');
  if (run === undefined || (existsSync(kept) && readFileSync(kept, 'utf8') === run.id)) return;
  appendRuns(history, [run]);
  writeFileSync(kept, run.id);
}

/** A run that ended without a verdict: its history line and its summary say why, beside the results so far. */
function refuse(error: CliError, startedAt: string, facts: RunFacts, { directory, reports }: Recording): void {
  const { name, title } = loadLab(directory);
  const kind = KINDS.get(error.exitCode) ?? 'failed';
  const refusal = refusalOf(
    { kind, reason: error.message, exitCode: error.exitCode, startedAt },
    { name, title },
    facts,
  );
  const run = { ...(readRecord(reports) ?? refusal), verdict: refusal.verdict };
  writeFileSync(join(reports, 'run.json'), `${JSON.stringify(run)}\n`);
  const summary = join(reports, 'summary.md');
  if (!existsSync(summary)) writeFileSync(summary, refusalMarkdown(title, error));
}

/** Appends the summary to the job page of GitHub Actions. */
export function showSummary(reports: string): void {
  const target = process.env['GITHUB_STEP_SUMMARY'];
  const summary = join(reports, 'summary.md');
  if (target !== undefined && target !== '' && existsSync(summary)) appendFileSync(target, readFileSync(summary));
}

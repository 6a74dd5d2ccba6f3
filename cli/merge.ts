/** `labwright report merge`: combines the reports of several machines into one certificate per run, and one history. */
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { generateAllureReport } from '../reporters/allure.ts';
import { appendRuns, readHistory } from '../reporters/history/index.ts';
import { showSummary } from './certify/recorded.ts';
import { freshReports, readVerdict } from './certify/reports.ts';
import { CliError, EXIT, type ExitCode } from './failure.ts';
import { historyFolder, readRecord, writeIndex } from './history.ts';
import { ROOT } from './lab.ts';
import { type Found, findReports } from './merge/find.ts';
import { factsOfWhole, type Part, type Whole, wholesOf } from './merge/wholes.ts';

export interface MergeOptions {
  readonly reports?: string;
  readonly history?: string;
}

/**
 * @returns the worst exit code of the merged runs.
 * @throws {CliError} `LW-NO-REPORTS`
 */
export async function merge(folders: readonly string[], options: MergeOptions): Promise<ExitCode> {
  const found = findReports(folders);
  if (found.reports.length + found.histories.length === 0) {
    const message = `There are no reports and no history in ${folders.join(', ')}.`;
    throw new CliError(EXIT.usage, 'LW-NO-REPORTS', message, 'name folders that certify --shard or --blob wrote');
  }
  const reports = options.reports ?? join(ROOT, 'reports');
  const history = options.history ?? historyFolder(reports);
  if (found.reports.some(({ directory }) => directory === reports)) {
    const message = `${reports} is one of the folders to merge, and would be overwritten.`;
    throw new CliError(EXIT.usage, 'LW-MERGE', message, 'name another folder with --reports');
  }
  const parts = found.reports.filter((one): one is Part => one.run !== undefined && one.blobs.length > 0);
  const wholes = wholesOf(parts);
  const folderOf = (whole: Whole) => (wholes.length === 1 ? reports : join(reports, whole.name));
  const codes: ExitCode[] = [];
  for (const whole of wholes) codes.push(await mergeWhole(whole, folderOf(whole), reports));
  const merged = wholes.map((whole) => readRecord(folderOf(whole)));
  uniteHistories(history, found, merged);
  const page = writeIndex(reports, [history]);
  console.log(`History  ${relative(process.cwd(), page)}`);
  return worst([...codes, ...notPlayed(found)]);
}

/** Playwright replays the parts' tests to the same reporters that a run has. */
async function mergeWhole(whole: Whole, reports: string, home: string): Promise<ExitCode> {
  console.log(`\n${whole.title}: ${whole.parts.map(({ directory }) => relative(process.cwd(), directory)).join(', ')}`);
  freshReports(reports);
  const blobs = mkdtempSync(join(tmpdir(), 'labwright-merge-'));
  try {
    for (const [index, file] of whole.parts.flatMap((part) => part.blobs).entries()) {
      copyFileSync(file, join(blobs, `report-${index}.zip`));
    }
    const cli = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
    const env = {
      LABWRIGHT_MERGE: '1',
      LABWRIGHT_REPORTS: reports,
      LABWRIGHT_INDEX: join(relative(reports, home), 'index.html'),
      LABWRIGHT_RUN: JSON.stringify(factsOfWhole(whole)),
    };
    const config = `--config=${join(ROOT, 'playwright.config.ts')}`;
    await execa(process.execPath, [cli, 'merge-reports', config, blobs], {
      cwd: ROOT,
      env,
      reject: false,
      stdio: 'inherit',
    });
  } finally {
    rmSync(blobs, { recursive: true, force: true });
  }
  const verdict = readVerdict(reports);
  if (verdict === undefined) {
    throw new CliError(EXIT.notFit, 'LW-MERGE', 'Playwright could not merge these parts; its message is above.');
  }
  const allure = join(reports, 'allure-results');
  for (const part of whole.parts) {
    const own = join(part.directory, 'allure-results');
    if (existsSync(own)) cpSync(own, allure, { recursive: true });
  }
  await generateAllureReport(allure, join(reports, 'allure'));
  showSummary(reports);
  for (const shard of whole.missing) console.error(`Shard ${shard} of ${whole.title} is missing.  (LW-SHARD-MISSING)`);
  return verdict.exitCode === EXIT.certified && whole.missing.length > 0 ? EXIT.notFit : verdict.exitCode;
}

/** Runs without a blob: refused runs have nothing to merge, but must still be reported. */
function notPlayed({ reports }: Found): ExitCode[] {
  return reports.flatMap(({ run, blobs }) => {
    if (run === undefined || blobs.length > 0) return [];
    if (run.verdict.exitCode === 0) return [];
    console.error(`${run.release ?? run.context ?? run.host}: ${run.verdict.reason}`);
    return [Object.values(EXIT).find((code) => code === run.verdict.exitCode) ?? EXIT.labFailed];
  });
}

function uniteHistories(history: string, found: Found, merged: readonly ReturnType<typeof readRecord>[]): void {
  mkdirSync(history, { recursive: true });
  const mine = readHistory(history);
  const known = new Set([...mine.runs, ...mine.parts].map(({ id }) => id));
  const others = readHistory(...found.histories.filter((folder) => folder !== history));
  const left = found.reports.flatMap(({ run }) => run ?? []);
  const all = new Map(
    [...others.parts, ...others.runs, ...left, ...merged].flatMap((run) => (run ? [[run.id, run] as const] : [])),
  );
  appendRuns(
    history,
    [...all.values()].filter(({ id }) => !known.has(id)),
  );
}

/** A finding about the lab ranks highest, then what kept it from being judged. */
function worst(codes: readonly ExitCode[]): ExitCode {
  const order: readonly ExitCode[] = [
    EXIT.labFailed,
    EXIT.internal,
    EXIT.lost,
    EXIT.notFit,
    EXIT.interrupted,
    EXIT.usage,
  ];
  return order.find((code) => codes.includes(code)) ?? codes.find((code) => code !== EXIT.certified) ?? EXIT.certified;
}

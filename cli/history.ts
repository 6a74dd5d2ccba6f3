/** `labwright history`: writes `index.html` from a history. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { HISTORY_FILE, type HistoryRun, parseHistory, readHistory, renderHistory } from '../reporters/history/index.ts';
import { CliError, EXIT, type ExitCode } from './failure.ts';
import { ROOT } from './lab.ts';

export interface HistoryOptions {
  /** Folder that `index.html` is written to. */
  readonly reports?: string;
}

/**
 * @param folders of histories; that of `reports/` if none is named.
 * @throws {CliError} `LW-NO-HISTORY`
 */
export function history(folders: readonly string[], options: HistoryOptions): ExitCode {
  const reports = options.reports ?? join(ROOT, 'reports');
  const named = folders.length === 0 ? [historyFolder(reports)] : folders.map((folder) => historyIn(resolve(folder)));
  const page = writeIndex(reports, named);
  console.log(relative(process.cwd(), page));
  return EXIT.certified;
}

/** The history that belongs to a folder of reports. */
export function historyFolder(reports: string): string {
  return join(reports, 'history');
}

/** The folder may be that of the history, or that of the reports around it. */
export function historyIn(folder: string): string {
  for (const candidate of [folder, historyFolder(folder)]) {
    if (existsSync(join(candidate, HISTORY_FILE))) return candidate;
  }
  throw new CliError(
    EXIT.usage,
    'LW-NO-HISTORY',
    `There is no ${HISTORY_FILE} in ${folder}.`,
    'npx labwright certify adds a run to it',
  );
}

/** @returns the path of the page. */
export function writeIndex(reports: string, folders: readonly string[]): string {
  mkdirSync(reports, { recursive: true });
  const page = join(reports, 'index.html');
  const part = `${page}.part`;
  writeFileSync(part, renderHistory(readHistory(...folders), { certificates: certificatesIn(reports) }));
  renameSync(part, page);
  return page;
}

/** Addresses by the run's id: beside the page, or, after a merge, in a folder for each release and cluster. */
function certificatesIn(reports: string): Map<string, string> {
  const folders = readdirSync(reports, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(
    ['', ...folders.map(({ name }) => `${name}/`)].flatMap((folder) => {
      const run = readRecord(join(reports, folder));
      const there = run !== undefined && existsSync(join(reports, folder, 'certificate.html'));
      return there ? [[run.id, `${encodeURI(folder)}certificate.html`] as const] : [];
    }),
  );
}

/** The record that a run left in its folder of reports; undefined if there is none or it can't be read. */
export function readRecord(reports: string): HistoryRun | undefined {
  const file = join(reports, 'run.json');
  return existsSync(file) ? parseHistory([readFileSync(file, 'utf8')]).runs[0] : undefined;
}

/** Finds the reports of machines and shards: one folder of reports each, anywhere in the folders named. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HISTORY_FILE, type HistoryRun } from '../../reporters/history/index.ts';
import { historyFolder, readRecord } from '../history.ts';

export interface FoundReports {
  readonly directory: string;
  /** The run that the part belongs to. */
  readonly run?: HistoryRun;
  /** Files of Playwright's blob reporter. */
  readonly blobs: readonly string[];
}

export interface Found {
  readonly reports: readonly FoundReports[];
  readonly histories: readonly string[];
}

/** A CI server unpacks each artifact into its own folder, perhaps with the path it had. */
const DEEPEST = 5;
const OF_A_REPORT = new Set(['html', 'allure', 'allure-results', 'test-results', 'node_modules', 'blob', 'history']);

export function findReports(folders: readonly string[]): Found {
  const reports = new Map<string, FoundReports>();
  const histories = new Set<string>();
  const look = (directory: string, depth: number): void => {
    const run = readRecord(directory);
    const blobs = blobsIn(join(directory, 'blob'));
    if (run !== undefined || blobs.length > 0) reports.set(directory, { directory, blobs, ...(run && { run }) });
    for (const folder of [directory, historyFolder(directory)]) {
      if (existsSync(join(folder, HISTORY_FILE))) histories.add(folder);
    }
    if (depth === DEEPEST) return;
    for (const entry of listed(directory)) {
      if (entry.isDirectory() && !OF_A_REPORT.has(entry.name)) look(join(directory, entry.name), depth + 1);
    }
  };
  for (const folder of folders) look(resolve(folder), 0);
  return { reports: [...reports.values()], histories: [...histories] };
}

function blobsIn(directory: string): string[] {
  return listed(directory)
    .filter((entry) => entry.isFile() && entry.name.endsWith('.zip'))
    .map((entry) => join(directory, entry.name));
}

function listed(directory: string) {
  return existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : [];
}

/** The folder of reports: prepared before a run, and read afterwards. */

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ownFormat } from '../../model/own-format.ts';
import type { VerdictFile } from '../../reporters/verdict-file.ts';

/** Reports of an earlier run, which must not pass for this run's. */
const OF_ONE_RUN = [
  'run.json',
  'run.kept',
  'blob',
  'verdict.json',
  'certificate.html',
  'summary.md',
  'junit.xml',
  'allure-results',
  'allure',
  'html',
];

/** Creates the folder and removes an earlier run's reports from it. */
export function freshReports(directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const name of OF_ONE_RUN) rmSync(join(directory, name), { recursive: true, force: true });
}

/** What the summary reporter decided; undefined if the run did not get that far. */
export function readVerdict(directory: string): VerdictFile | undefined {
  try {
    // Only the summary reporter writes it.
    return ownFormat<VerdictFile>(JSON.parse(readFileSync(join(directory, 'verdict.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

/** The folder of reports: what a run finds there, and what it reads back. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { VerdictFile } from '../../reporters/summary.ts';

/** What an earlier run left must not pass for this one's. */
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

/** Makes the folder and takes an earlier run's reports out of it. */
export function freshReports(directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const name of OF_ONE_RUN) rmSync(join(directory, name), { recursive: true, force: true });
}

/** What the summary reporter decided; undefined when the run did not come that far. */
export function readVerdict(directory: string): VerdictFile | undefined {
  try {
    // Written by `reporters/summary.ts` alone.
    return JSON.parse(readFileSync(join(directory, 'verdict.json'), 'utf8')) as VerdictFile;
  } catch {
    return undefined;
  }
}

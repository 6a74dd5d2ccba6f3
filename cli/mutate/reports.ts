/** Writes the results of a mutation run: `mutation.json`, and a page that shows them, `mutation.html`. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../model/lab.ts';
import type { Result } from '../../mutate/model.ts';
import { overview } from '../../mutate/report/overview.ts';
import { mutationPage } from '../../mutate/report/page.ts';
import { type MutationReport, mutationReport } from '../../mutate/report/schema.ts';
import { headlineOf, tallyOf } from '../../mutate/report/tally.ts';
import { ROOT, version } from '../lab.ts';

export interface Findings {
  readonly lab: Lab;
  readonly results: readonly Result[];
  /** How many mistakes the lab allows; more than were played if only some were chosen. */
  readonly possible: number;
}

/**
 * Writes `mutation.json` alone, so that a run that is cut off loses no result: `--since` reads it.
 * @param folder is created if it does not exist.
 */
export function saveResults(folder: string, { lab, results, possible }: Findings): MutationReport {
  const report = mutationReport(lab, results, { root: ROOT, version: version(), possible });
  mkdirSync(folder, { recursive: true });
  // A reader sees the old file or the new one, never a part.
  const file = join(folder, 'mutation.json');
  writeFileSync(`${file}.part`, JSON.stringify(report));
  renameSync(`${file}.part`, file);
  return report;
}

/** Writes both files. */
export function writeReports(folder: string, findings: Findings): MutationReport {
  const { lab, results, possible } = findings;
  const report = saveResults(folder, findings);
  const title = `${lab.title}: ${headlineOf(tallyOf(results))}`;
  writeFileSync(join(folder, 'mutation.html'), mutationPage(report, title, overview(lab.title, results, possible)));
  return report;
}

/** Writes what a mutation run found: `mutation.json`, and the page that shows it, `mutation.html`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../model/lab.ts';
import type { Result } from '../../mutate/model.ts';
import { mutationPage } from '../../mutate/report/page.ts';
import { type MutationReport, mutationReport } from '../../mutate/report/schema.ts';
import { headlineOf, tallyOf } from '../../mutate/report/tally.ts';
import { ROOT, version } from '../lab.ts';

export interface Findings {
  readonly lab: Lab;
  readonly results: readonly Result[];
  /** How many mistakes can be made in the lab; more than were, when only some were chosen. */
  readonly possible: number;
}

/** @param folder is made when it is not there. */
export function writeReports(folder: string, { lab, results, possible }: Findings): MutationReport {
  const report = mutationReport(lab, results, { root: ROOT, version: version(), possible });
  const title = `${lab.title}: ${headlineOf(tallyOf(results))}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'mutation.json'), JSON.stringify(report));
  writeFileSync(join(folder, 'mutation.html'), mutationPage(report, title));
  return report;
}

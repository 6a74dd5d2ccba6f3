/** Decides which results of the last run are still valid after a change of the lab. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Lab } from '../../model/lab.ts';
import { ownFormat } from '../../model/own-format.ts';
import { keptResults } from '../../mutate/kept.ts';
import type { Mutant, Result } from '../../mutate/model.ts';
import type { MutationReport } from '../../mutate/report/schema.ts';
import { CliError, EXIT } from '../failure.ts';
import { ROOT } from '../lab.ts';

/** @throws {CliError} `LW-NO-REVISION` if git does not know it. */
export async function keptSince(
  lab: Lab,
  mutants: readonly Mutant[],
  revision: string,
  reports: string,
): Promise<readonly Result[]> {
  const file = join(reports, 'mutation.json');
  if (!existsSync(file)) return [];
  const report = ownFormat<MutationReport>(JSON.parse(readFileSync(file, 'utf8')));
  const changed = await changedSince(lab.directory, revision);
  return keptResults(lab, mutants, { report, root: ROOT, changed }).filter((result) => result !== undefined);
}

/** Absolute paths of files committed, changed or added since then. */
async function changedSince(directory: string, revision: string): Promise<string[]> {
  const git = (...args: string[]) => execa('git', ['-C', directory, ...args], { reject: false });
  const top = await git('rev-parse', '--show-toplevel');
  const changed = await git('diff', '--name-only', revision, '--');
  const added = await git('ls-files', '--others', '--exclude-standard', '--full-name', ':/');
  if (changed.exitCode !== 0)
    throw new CliError(
      EXIT.usage,
      'LW-NO-REVISION',
      `git knows no revision ${revision}: ${changed.stderr.split('\n')[0] ?? ''}`,
    );
  const names = `${changed.stdout}\n${added.stdout}`.split('\n').filter((name) => name !== '');
  return names.map((name) => join(top.stdout, name));
}

/** Finds the lab a person means. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CliError, EXIT } from './failure.ts';

export const ROOT = join(import.meta.dirname, '..');
const LABS = join(ROOT, 'labs');

/** Names of the labs under `labs/`. */
export function labNames(): string[] {
  return readdirSync(LABS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isFile(join(LABS, entry.name, 'lab.yaml')))
    .map((entry) => entry.name);
}

/**
 * @param given a folder, or a name under `labs/`.
 * @returns the lab's absolute folder.
 * @throws {CliError} `LW-NO-LAB`
 */
export function findLab(given: string): string {
  for (const directory of [resolve(given), join(LABS, given)]) {
    if (isFile(join(directory, 'lab.yaml'))) return directory;
  }
  const why = isDirectory(resolve(given)) ? `${given} has no lab.yaml` : `There is no lab ${given}`;
  throw new CliError(EXIT.usage, 'LW-NO-LAB', `${why}; labs here: ${labNames().join(', ') || 'none'}.`);
}

/**
 * Spec files of the sections asked for, all when none is.
 * @throws {CliError} `LW-NO-SECTION`
 */
export function specFiles(directory: string, sections: readonly string[]): string[] {
  const specs = readdirSync(directory)
    .filter((name) => name.endsWith('.spec.ts'))
    .sort();
  if (sections.length === 0) return specs.map((name) => join(directory, name));
  return sections.map((section) => {
    const found = specs.find((name) => /^\d+$/.test(section) && Number.parseInt(name, 10) === Number(section));
    if (found !== undefined) return join(directory, found);
    const numbers = specs.map((name) => Number.parseInt(name, 10)).filter((number) => !Number.isNaN(number));
    const message = `${basename(directory)} has no section ${section}; it has ${numbers.join(', ') || 'none'}.`;
    throw new CliError(EXIT.usage, 'LW-NO-SECTION', message);
  });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

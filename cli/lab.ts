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
  if (sections.length > 0) return sections.map((section) => numbered(directory, section, '.spec.ts'));
  return filesOf(directory, '.spec.ts').map((name) => join(directory, name));
}

/** The section's YAML. @throws {CliError} `LW-NO-SECTION` */
export function sectionFile(directory: string, section: string): string {
  return numbered(directory, section, '.yaml');
}

function numbered(directory: string, section: string, end: string): string {
  const files = filesOf(directory, end);
  const found = files.find((name) => /^\d+$/.test(section) && Number.parseInt(name, 10) === Number(section));
  if (found !== undefined) return join(directory, found);
  const numbers = files.map((name) => Number.parseInt(name, 10)).join(', ') || 'none';
  throw new CliError(
    EXIT.usage,
    'LW-NO-SECTION',
    `${basename(directory)} has no section ${section}; it has ${numbers}.`,
  );
}

/** `01-….yaml`, `02-….yaml`, … */
function filesOf(directory: string, end: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^\d+-/.test(name) && name.endsWith(end))
    .sort();
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

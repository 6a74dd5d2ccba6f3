/** Finds the lab that the user named. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ownFormat } from '../model/own-format.ts';
import { CliError, EXIT } from './failure.ts';

export const ROOT = join(import.meta.dirname, '..');
const LABS = join(ROOT, 'labs');

/** Labwright's own version. */
export function version(): string {
  return ownFormat<{ version: string }>(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).version;
}

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
 * Spec files of the sections requested, or of all.
 * @throws {CliError} `LW-NO-SECTION`, or `LW-NO-SPEC`: a section without a spec must not be missing from a certificate unnoticed.
 */
export function specFiles(directory: string, sections: readonly string[]): string[] {
  const specs = filesOf(directory, '.spec.ts');
  for (const name of sections.length > 0 ? [] : filesOf(directory, '.yaml')) {
    if (specs.some((spec) => Number.parseInt(spec, 10) === Number.parseInt(name, 10))) continue;
    const spec = name.replace(/\.yaml$/, '.spec.ts');
    const message = `${join(directory, name)} has no ${spec} beside it, so nothing would run it.`;
    throw new CliError(EXIT.usage, 'LW-NO-SPEC', message, 'copy the three lines from "Writing a lab" in README.md');
  }
  if (sections.length > 0) return sections.map((section) => numbered(directory, section, '.spec.ts'));
  return specs.map((name) => join(directory, name));
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

/** Finds the files of a lab's sections, and reports names and numbers that don't fit. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nearest } from '../model/nearest.ts';
import { missingFile, type Problem } from './problem.ts';
import type { RawLab } from './schema.generated.ts';
import type { YamlDocument } from './yaml-document.ts';

const SECTION_FILE = /^(\d+)-[^/]+\.yaml$/;

/**
 * The files of a lab's sections: those that `sections:` names, else every `NN-….yaml` beside lab.yaml.
 * @param wanted numbers of the sections to load; all if absent.
 * @param problems gets what is wrong with the names and numbers.
 * @returns absolute paths of the wanted files that exist; in the order of `sections:`, else by number.
 */
export function sectionFiles(
  raw: RawLab,
  document: YamlDocument,
  wanted: readonly number[] | undefined,
  problems: Problem[],
): string[] {
  const directory = dirname(document.file);
  const found = readdirSync(directory)
    .filter((name) => SECTION_FILE.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b));
  const names = raw.sections ?? found;
  const existing = names.filter((name, index) => {
    if (found.includes(name)) return true;
    const suggestion = nearest(name, found);
    problems.push({
      ...missingFile(document.at(['sections', index]), name),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
    return false;
  });
  // A list in lab.yaml is deliberate; without one, a gap means a missing file.
  if (raw.sections === undefined) problems.push(...misnamed(directory), ...gaps(directory, existing));
  problems.push(...repeated(directory, existing));
  if (names.length === 0)
    problems.push({
      code: 'LW-NO-SECTION',
      at: document.at([]),
      message: 'the lab has no sections',
      expected: 'files such as 01-environment.yaml beside lab.yaml',
    });
  problems.push(...unknown(wanted ?? [], existing.map(numberOf), document));
  return existing
    .filter((name) => wanted === undefined || wanted.includes(numberOf(name)))
    .map((name) => join(directory, name));
}

/** Files with the number of an earlier one. */
function repeated(directory: string, names: readonly string[]): Problem[] {
  const numbers = names.map(numberOf);
  return names.flatMap((name, index) => {
    const number = numberOf(name);
    const first = numbers.indexOf(number);
    if (first === index) return [];
    return [
      {
        code: 'LW-SECTION-NUMBER',
        at: { file: join(directory, name), line: 1, column: 1 },
        message: `section ${number} exists twice`,
        expected: `a different number than that of ${names[first]}`,
      },
    ];
  });
}

/** Numbers that were asked for and that no section has. */
function unknown(wanted: readonly number[], numbers: readonly number[], document: YamlDocument): Problem[] {
  return wanted
    .filter((number) => !numbers.includes(number))
    .map((number) => ({
      code: 'LW-NO-SECTION',
      at: document.at(['sections']),
      message: `the lab has no section ${number}`,
      expected: `one of ${numbers.join(', ')}`,
    }));
}

/** Files that look like sections but would be ignored because of their name. */
function misnamed(directory: string): Problem[] {
  return readdirSync(directory)
    .filter((name) => /^\d.*\.ya?ml$/.test(name) && !SECTION_FILE.test(name))
    .map((name) => ({
      code: 'LW-SECTION-NUMBER',
      at: { file: join(directory, name), line: 1, column: 1 },
      message: `${name} looks like a section, but its name is not a section's`,
      expected: 'a name such as 01-environment.yaml',
    }));
}

/** @param names sorted by number. */
function gaps(directory: string, names: readonly string[]): Problem[] {
  return names.flatMap((name, index) => {
    const number = numberOf(name);
    const before = index === 0 ? 0 : numberOf(names[index - 1] ?? '');
    if (number <= before + 1) return [];
    return [
      {
        code: 'LW-SECTION-NUMBER',
        at: { file: join(directory, name), line: 1, column: 1 },
        message: `there is a section ${number}, but no section ${before + 1}`,
        expected: `a file ${String(before + 1).padStart(2, '0')}-….yaml, or \`sections:\` in lab.yaml`,
      },
    ];
  });
}

function numberOf(name: string): number {
  return Number.parseInt(name, 10);
}

/**
 * `DEPS.list` says what the files of a folder may import. A line is a folder (`kube/`: it and all below), a file
 * (`kube/types.ts`) or a package (`npm:ws`); `#` begins a comment. A folder's own files, those below it and Node's own
 * modules are always allowed. A folder without a list uses the nearest one above. Tests and their helpers may import anything.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, type Source } from './imports.ts';

export const LIST = 'DEPS.list';

/** The folder whose list applies to a folder: itself, or the nearest one above that has a list. */
export function listedBy(folder: string): string | undefined {
  if (existsSync(join(ROOT, folder, LIST))) return folder;
  return folder.includes('/') ? listedBy(dirname(folder)) : undefined;
}

/** The lines of a folder's list, without comments. @throws when it has none. */
export function readList(folder: string): string[] {
  const lines = readFileSync(join(ROOT, folder, LIST), 'utf8').split('\n');
  return lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
}

/** The imports that a file's folder must list. */
export function needsOf({ file, imports, packages }: Source): string[] {
  const own = `${dirname(file)}/`;
  return [...imports.filter((target) => !target.startsWith(own)), ...packages.map((name) => `npm:${name}`)];
}

/** Whether a line of a list allows an import. */
export function allows(line: string, need: string): boolean {
  return line === need || (line.endsWith('/') && need.startsWith(line));
}

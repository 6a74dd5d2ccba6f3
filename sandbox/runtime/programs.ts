/** Finds programs of this machine. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The `PATH` with the directories that an ordinary user often lacks, where `ip` and `nft` are. */
export function toolPath(path = process.env['PATH'] ?? ''): string {
  const known = path.split(delimiter);
  return [...known, '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin']
    .filter((directory, index, all) => directory !== '' && all.indexOf(directory) === index)
    .join(delimiter);
}

/** The program's path, or undefined. */
export function findTool(name: string): string | undefined {
  return toolPath()
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

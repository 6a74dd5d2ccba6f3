/** Labs as their files are now. Called for each step, so files are read again only if one has changed. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../model/lab.ts';
import { loadLab } from '../../steps/load.ts';

export class Labs {
  readonly #known = new Map<string, { readonly fingerprint: string; readonly lab: Lab }>();

  /** @throws {LabError} if the lab's files are invalid. */
  at(directory: string): Lab {
    const fingerprint = fingerprintOf(directory);
    const known = this.#known.get(directory);
    if (known?.fingerprint === fingerprint) return known.lab;
    const lab = loadLab(directory);
    this.#known.set(directory, { fingerprint, lab });
    return lab;
  }
}

/** Changes whenever a file in the lab's folder is written, added or removed. */
function fingerprintOf(directory: string): string {
  const entries = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return entries
    .map((entry) => {
      const { mtimeMs = 0, size = 0 } = statSync(join(directory, entry), { throwIfNoEntry: false }) ?? {};
      return `${entry} ${mtimeMs} ${size}`;
    })
    .join('\n');
}

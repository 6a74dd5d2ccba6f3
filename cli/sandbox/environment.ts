/** A file for a person's shell: with it, the guide's commands work on the sandbox as they are printed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../../setup/programs.js';
import { ROOT } from '../lab.ts';
import { stateDirectory } from './state.ts';

/** @returns the path of the file. */
export function writeEnvironment(name: string, env: Readonly<Record<string, string>>): string {
  const lines = Object.entries(env).map(([key, value]) => `export ${key}=${quote(value)}`);
  if (findCommand('oc') === undefined) lines.push(`export PATH=${quote(join(ROOT, 'cluster', 'oc'))}:"$PATH"`);
  const file = join(stateDirectory(), `${name}.env`);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

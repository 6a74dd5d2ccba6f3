/** The programs of the real control plane, as children of PID 1: they end with it, and it ends when one of them does. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const TAIL = 1_500;

export interface RealProcess {
  /** Rejects, with the end of its log, when the program exits; otherwise stays pending. */
  readonly ended: Promise<never>;
}

/** @param directory gets its output, in a file named after the program that only its owner can read. */
export function startProcess(
  program: string,
  args: readonly string[],
  directory: string,
  env: Readonly<Record<string, string>> = {},
): RealProcess {
  const file = join(directory, `${basename(program)}.log`);
  const log = openSync(file, 'a', 0o600);
  const child = spawn(program, args, { stdio: ['ignore', log, log], env: { ...process.env, ...env } });
  closeSync(log);
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const end = readFileSync(file, 'utf8').slice(-TAIL);
      reject(new Error(`${basename(program)} ended (${signal ?? `exit code ${code}`}); its log ends:\n${end}`));
    });
  });
  ended.catch(() => undefined);
  return { ended };
}

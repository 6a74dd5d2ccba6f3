/** Starts the same command again as a process that is left behind, and waits until its sandbox is up. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, EXIT } from '../failure.ts';
import { stateDirectory } from './state.ts';
import type { SandboxFacts, UpOptions } from './up.ts';

/** @throws {CliError} `LW-SANDBOX-START` with what the process said before it ended. */
export async function detach(options: UpOptions): Promise<SandboxFacts> {
  const log = join(stateDirectory(), `${options.name}.log`);
  const at = options.at === undefined ? [] : ['--at', options.at];
  const args = ['sandbox', 'up', '--behind', '--name', options.name, '--lab', options.lab, ...at];
  const file = openSync(log, 'w', 0o600);
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'labwright.js'), ...args], {
    detached: true,
    stdio: ['ignore', file, file, 'ipc'],
  });
  closeSync(file);
  const facts = await new Promise<SandboxFacts>((resolve, reject) => {
    const failed = (reason: string) => {
      const message = `The sandbox did not start: ${reason}\n${readFileSync(log, 'utf8').trimEnd()}`;
      reject(new CliError(EXIT.notFit, 'LW-SANDBOX-START', message, 'npx labwright doctor'));
    };
    // Only `up` writes to this channel.
    child.on('message', (message) => resolve(message as SandboxFacts));
    child.on('error', (error) => failed(error.message));
    child.on('exit', (code) => failed(`exit code ${code}`));
  });
  if (child.connected) child.disconnect();
  child.unref();
  return facts;
}

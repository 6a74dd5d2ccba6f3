/** `labwright sandbox down` */
import { setTimeout as after } from 'node:timers/promises';
import { CliError, EXIT, type ExitCode } from '../failure.ts';
import { checkName, isHeld, readState, readStates, removeState, type SandboxState } from './state.ts';

const TIMEOUT_MS = 15_000;

export async function down(options: { readonly name: string }): Promise<ExitCode> {
  checkName(options.name);
  const state = readState(options.name);
  if (state === undefined) {
    const others = readStates().map((other) => other.name);
    const up = others.length === 0 ? 'none is up' : `up: ${others.join(', ')}`;
    throw new CliError(EXIT.usage, 'LW-SANDBOX-DOWN', `No sandbox named ${options.name} is running; ${up}.`);
  }
  kill(state.holder, 'SIGTERM');
  if (!(await ended(state))) {
    kill(state.holder, 'SIGKILL');
    await ended(state);
  }
  removeState(options.name);
  console.log(`The sandbox ${options.name} is stopped.`);
  return EXIT.certified;
}

/** Nothing announces the end of a process that is not a child, so it is polled. */
async function ended(state: SandboxState): Promise<boolean> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (isHeld(state)) {
    if (Date.now() > deadline) return false;
    await after(20);
  }
  return true;
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

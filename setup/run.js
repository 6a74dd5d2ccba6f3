/** Runs the installers' commands and keeps their output for error messages. */
import { spawn } from 'node:child_process';

/** A failed setup: `message` is shown without a stack. */
export class SetupError extends Error {
  /** Whether the network seems to be down: then one message covers all failures. */
  noNetwork = false;
}

/**
 * Runs a command to its end; it is killed with this process. `shown` is its name in messages.
 * @returns its standard output and error, in one string.
 * @throws {SetupError} with the last lines of its output if its exit code is not 0.
 */
export function run(command, args, { shown = [command, ...args].join(' '), ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const settle = () => process.off('SIGINT', forward).off('SIGTERM', forward);
    child.on('error', (error) => {
      settle();
      reject(new SetupError(`${command} could not be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      settle();
      if (code === 0) resolve(output);
      else reject(failure(shown, signal ?? `exit code ${code}`, output));
    });
  });
}

const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|ECONNREFUSED|Could not resolve|Temporary failure|NewConnectionError|Failed to establish/i;

function failure(shown, how, output) {
  const error = new SetupError(`${shown} failed (${how})\n    ${ends(output).join('\n    ')}`);
  error.noNetwork = NO_NETWORK.test(output);
  return error;
}

/** The first lines, where npm says why, and the last ones, where apt and pip do. */
function ends(output) {
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => !/^npm error\s*$/.test(line));
  return lines.length <= 12 ? lines : [...lines.slice(0, 5), '…', ...lines.slice(-6)];
}

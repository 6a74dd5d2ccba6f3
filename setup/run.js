/** Runs the installers' commands and keeps what they print until somebody wants to know. */
import { spawn } from 'node:child_process';

/** A failed set-up: `message` is for the person, without a stack. */
export class SetupError extends Error {}

/**
 * Runs a command to its end; it dies with us.
 * @returns its standard output and error, in one string.
 * @throws {SetupError} with the last lines of its output when it does not end with 0.
 */
export function run(command, args, options = {}) {
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
      else reject(new SetupError(failure(command, args, signal ?? `exit code ${code}`, output)));
    });
  });
}

function failure(command, args, how, output) {
  const shown = [command, ...args].join(' ');
  const tail = ends(output).join('\n    ');
  const network =
    /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|ECONNREFUSED|Could not resolve|Temporary failure|NewConnectionError|Failed to establish/i;
  const hint = network.test(output)
    ? '\n  There seems to be no network: the set-up downloads packages once; try again with one.'
    : '';
  return `${shown.length > 120 ? `${shown.slice(0, 117)}...` : shown}\n  failed (${how})\n    ${tail}${hint}`;
}

/** The first lines, where npm says why, and the last ones, where apt and pip do. */
function ends(output) {
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => !/^npm error\s*$/.test(line));
  return lines.length <= 12 ? lines : [...lines.slice(0, 5), '…', ...lines.slice(-6)];
}

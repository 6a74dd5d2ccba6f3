/** Runs kubectl, which has the credentials. Uses only Node's own modules, so that each `oc` starts quickly. */
import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { OcError } from './error.ts';

const LARGEST_ANSWER = 64 * 1024 * 1024;

/** @returns kubectl's output. @throws {OcError} with kubectl's message. */
export function kubectl(args: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('kubectl', args, { maxBuffer: LARGEST_ANSWER }, (error, stdout, stderr) => {
      if (stderr !== '' && error === null) process.stderr.write(stderr);
      if (error === null) resolve(stdout);
      else reject(new OcError(stderr.trim() || `kubectl could not be run: ${error.message}`));
    });
    // If kubectl does not read its input, that is not an error; its exit code counts.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** An object, or undefined if there is none with that name. @throws {OcError} */
export async function getObject(args: readonly string[]): Promise<unknown> {
  const printed = await kubectl(['get', ...args, '--ignore-not-found', '-o', 'json']);
  return printed.trim() === '' ? undefined : JSON.parse(printed);
}

/** Sends an object. @returns kubectl's line about it, such as `route.route.openshift.io/web created`. @throws {OcError} */
export async function send(
  verb: 'create' | 'replace',
  object: object,
  options: readonly string[] = [],
): Promise<string> {
  return (await kubectl([verb, '-f', '-', ...options], JSON.stringify(object))).trimEnd();
}

/** Runs kubectl in place of this process, with its terminal, input and exit code. */
export function becomeKubectl(args: readonly string[]): Promise<undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', args, { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.once('error', (error) => reject(new OcError(`kubectl could not be run: ${error.message}`)));
    child.once('exit', (code, signal) => {
      process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      resolve(undefined);
    });
  });
}

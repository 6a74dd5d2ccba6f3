/** kubectl, which has the credentials. By Node's own means: each `oc` is a process that starts anew. */
import { execFile } from 'node:child_process';
import { OcError } from './error.ts';

const LARGEST_ANSWER = 64 * 1024 * 1024;

/** @returns what it printed. @throws {OcError} with kubectl's words. */
export function kubectl(args: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('kubectl', args, { maxBuffer: LARGEST_ANSWER }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new OcError(stderr.trim() || `kubectl could not be run: ${error.message}`));
    });
    // What kubectl does not read is no mistake of ours; its exit code tells.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

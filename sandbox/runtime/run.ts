/** Runs a short-lived program to its end without blocking this process. */
import { spawn } from 'node:child_process';

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Never throws if a program fails: check `code` (127 if there is no such program). */
export function run(command: string, args: readonly string[], input = ''): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.once('error', (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
    // A program that ends before it has read its input reports that by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** The same, for programs that must not fail. @throws with the program's output. */
export async function mustRun(command: string, args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, input);
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')}: exit code ${code}: ${(stderr || stdout).trim()}`);
}

/** A sandbox for a test, and the real kubectl. */
import { spawn } from 'node:child_process';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import type { SandboxOptions } from '../../sandbox/types.ts';
import { kubectlFlags } from './kubectl.ts';

export interface TestCluster {
  readonly sandbox: Sandbox;
  /** @returns kubectl's output, trimmed. @throws with its exit code and message. */
  kubectl(...args: string[]): Promise<string>;
  /** `kubectl apply -f -`, or another command that reads `input`. */
  feed(input: string, ...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** @param more further options, such as the release to imitate. */
export async function startTestCluster(
  name: string,
  more: Partial<Pick<SandboxOptions, 'images' | 'release'>> = {},
): Promise<TestCluster> {
  const sandbox: Sandbox = await startSandbox({ name, images: [], ...more });
  const run = (args: readonly string[], input?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn('kubectl', [...kubectlFlags(sandbox.kubeconfig), ...args]);
      let output = '';
      let complaint = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
      });
      child.stderr.on('data', (chunk) => {
        complaint += chunk;
      });
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve(output.trim());
        else reject(new Error(`kubectl ${args.join(' ')}: exit code ${code}: ${complaint}${output}`));
      });
      child.stdin.end(input);
    });
  return {
    sandbox,
    kubectl: (...args) => run(args),
    feed: (input, ...args) => run(args.length > 0 ? args : ['apply', '-f', '-'], input),
    stop: () => sandbox.stop(),
  };
}

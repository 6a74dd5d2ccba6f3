/** A pod to send requests from, through one long-lived exec: one line per question. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { kubectlFlags } from '../../../support/kubectl.ts';
import type { Question, RawAnswer } from './question.ts';

const PROGRAM = join(import.meta.dirname, 'programs', 'ask.ts');

export class Caller {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, PromiseWithResolvers<RawAnswer>>();
  #asked = 0;
  #said = '';

  constructor(kubeconfig: string, pod: string, namespace: string) {
    const where = [...kubectlFlags(kubeconfig), 'exec', '-i', '-n', namespace, pod, '-c', 'caller'];
    this.#child = spawn('kubectl', [...where, '--', process.execPath, '--no-warnings', PROGRAM]);
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#said = (this.#said + text.toString()).slice(-2_000);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const { id, answer } = JSON.parse(line) as { id: number; answer: RawAnswer };
      this.#waiting.get(id)?.resolve(answer);
      this.#waiting.delete(id);
    });
    this.#child.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${pod} answers no more: ${this.#said}`));
    });
    this.#child.stdin.on('error', () => undefined);
  }

  ask(question: Question): Promise<RawAnswer> {
    this.#asked += 1;
    const waiting = Promise.withResolvers<RawAnswer>();
    this.#waiting.set(this.#asked, waiting);
    this.#child.stdin.write(`${JSON.stringify({ id: this.#asked, question })}\n`);
    return waiting.promise;
  }

  stop(): void {
    this.#child.kill();
  }
}

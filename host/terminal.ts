/**
 * The lab's terminal: directory and variables persist between commands, as they do for a student. If a command ends the shell, only
 * that command fails: a new shell continues from the previous state.
 */

import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { formatSeconds } from '../model/duration.ts';
import type { CommandResult, Terminal } from '../steps/context.ts';
import { StepFailure } from '../steps/failure.ts';
import { type Answer, Bash, ShellEnded } from './bash.ts';

export interface TerminalOptions {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Path of the kubeconfig that the shell's kubectl and oc use. */
  readonly kubeconfig: string;
  /** Replaces secrets in the terminal's answers. */
  readonly redact: (text: string) => string;
}

export class BashTerminal implements Terminal {
  readonly #options: TerminalOptions;
  readonly #mark = `\u0001labwright-${randomBytes(9).toString('base64url')}\u0001`;
  readonly #state: string;
  #shell: Bash;
  #queue: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#state = `${options.kubeconfig}.shell`;
    // It contains the shell's variables, possibly with a login.
    writeFileSync(this.#state, '', { mode: 0o600 });
    this.#shell = this.#open();
  }

  run(command: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<CommandResult> {
    const result = this.#queue.then(() => this.#runNow(command, options));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async expand(text: string): Promise<string> {
    if (!text.includes('$')) return text;
    const escaped = text.replace(/[\\"`]/g, '\\$&');
    return (await this.run(`printf %s "${escaped}"`, { timeoutMs: 5_000 })).stdout;
  }

  async namespace(): Promise<string> {
    const text = await readFile(this.#options.kubeconfig, 'utf8').catch(() => '{}');
    const { load } = await import('js-yaml');
    return namespaceOf(load(text === '' ? '{}' : text));
  }

  /** Stops the shell and everything it started. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#shell.stop();
  }

  #open(): Bash {
    const { directory, env, kubeconfig } = this.#options;
    return new Bash({ directory, env: { ...env, KUBECONFIG: kubeconfig }, mark: this.#mark, state: this.#state });
  }

  async #runNow(command: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<CommandResult> {
    options.signal?.throwIfAborted();
    const shell = this.#shell;
    const interrupt = (): void => shell.interrupt();
    const timeout = setTimeout(interrupt, options.timeoutMs);
    options.signal?.addEventListener('abort', interrupt, { once: true });
    const started = performance.now();
    const isLate = () => performance.now() - started >= options.timeoutMs;
    try {
      const answer = await shell.run(command);
      options.signal?.throwIfAborted();
      if (isLate()) throw timeoutError(command, options.timeoutMs, this.#clean(answer.stdout + answer.stderr));
      return this.#result(answer);
    } catch (error) {
      if (!(error instanceof ShellEnded)) throw error;
      if (!this.#stopped) this.#shell = this.#open();
      options.signal?.throwIfAborted();
      const output = this.#clean(error.output);
      throw isLate() ? timeoutError(command, options.timeoutMs, output) : endedError(command, error.how, output);
    } finally {
      clearTimeout(timeout);
      options.signal?.removeEventListener('abort', interrupt);
    }
  }

  #result({ exit, directory, stdout, stderr }: Answer): CommandResult {
    return {
      exit,
      // The lab's start directory differs in every run, so directories are shown relative to it.
      directory: fromStart(this.#options.directory, directory),
      stdout: this.#clean(stdout),
      stderr: this.#clean(stderr),
    };
  }

  /** Colours are for a screen: only the text is matched and shown. */
  #clean(output: string): string {
    return this.#options.redact(stripVTControlCharacters(output));
  }
}

function fromStart(start: string, directory: string): string {
  const way = relative(start, directory) || '.';
  return way.startsWith('..') ? directory : way;
}

/** The position is filled in by the caller, who knows the step. */
const NOWHERE = { file: '', line: 0, column: 0 };

function endedError(command: string, how: string, output: string): Error {
  return new StepFailure({
    code: 'LW-TERMINAL-ENDED',
    message: `\`${command}\` ended the lab's shell (${how}); a new shell continues with its directory and variables`,
    actual: lastOf(output),
    at: NOWHERE,
    next: 'put a command that ends the shell, such as `exit`, into a subshell: ( … )',
  });
}

function timeoutError(command: string, timeoutMs: number, output: string): Error {
  return new StepFailure({
    code: 'LW-TERMINAL-TIMEOUT',
    message: `\`${command}\` did not end within ${formatSeconds(timeoutMs)} and was stopped`,
    actual: lastOf(output),
    at: NOWHERE,
  });
}

/** Without bash's own message about a killed command. */
function lastOf(printed: string): string {
  const output = printed.replace(/^bash: line \d+: +\d+ Killed .*\n?/gm, '');
  return output.trim() === '' ? '(nothing was printed)' : output.slice(-2_000);
}

function namespaceOf(kubeconfig: unknown): string {
  if (
    typeof kubeconfig === 'object' &&
    kubeconfig !== null &&
    'contexts' in kubeconfig &&
    'current-context' in kubeconfig &&
    Array.isArray(kubeconfig.contexts)
  ) {
    const current = kubeconfig['current-context'];
    const entry: unknown = kubeconfig.contexts.find((context: { name?: unknown }) => context.name === current);
    if (typeof entry === 'object' && entry !== null && 'context' in entry) {
      const { context } = entry;
      if (
        typeof context === 'object' &&
        context !== null &&
        'namespace' in context &&
        typeof context.namespace === 'string'
      )
        return context.namespace;
    }
  }
  return 'default';
}

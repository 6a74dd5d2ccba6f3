/**
 * The lab's terminal: one bash for the whole lab, fed commands verbatim. Output comes over pipes; exit code and working
 * directory come over a channel of their own, so that no output can be mistaken for them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { CommandResult, Terminal } from '../steps/context.ts';
import { StepFailure } from '../steps/failure.ts';
import { LineReader, OutputPipe } from './pipes.ts';

/**
 * Reads NUL-ended commands from descriptor 3 and answers on descriptor 4. A command gets no input, and neither
 * descriptor; the marks on stdout and stderr say that all output before them belongs to the command.
 * What the loop itself does is kept from stderr, where `set -x` would show it.
 */
const LOOP = `
while { IFS= read -r -d '' -u 3 LABWRIGHT_COMMAND; } 2>/dev/null; do
  eval "$LABWRIGHT_COMMAND" </dev/null 3<&- 4>&-
  {
    LABWRIGHT_EXIT=$?
    printf '%s' "$LABWRIGHT_MARK"; printf '%s' "$LABWRIGHT_MARK" >&5
    printf '%s %s\\0' "$LABWRIGHT_EXIT" "$PWD" >&4
  } 5>&2 2>/dev/null
done`;

/**
 * Nobody is there to end the shell and its commands after `kill -9` of this process. Its end of descriptor 5 is closed
 * then, and a guard in their process group, but none of the shell's children, ends the group.
 */
const GUARDED = `
( ( read -r _ <&5; kill -KILL 0 ) </dev/null >/dev/null 2>&1 3<&- 4>&- & )
exec bash --noprofile --norc -c "$1" 5<&-`;

/** What was told to stop and has not by then is a loop of the shell's own, and only the shell's end stops it. */
const INTERRUPT_GRACE_MS = 2_000;

export interface TerminalOptions {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Path of the kubeconfig that the shell's kubectl and oc use. */
  readonly kubeconfig: string;
  /** Replaces secrets in what the terminal answers. */
  readonly redact: (text: string) => string;
}

export class BashTerminal implements Terminal {
  readonly #shell: ChildProcess;
  readonly #commands: Writable;
  readonly #stdout: OutputPipe;
  readonly #stderr: OutputPipe;
  readonly #answers: LineReader;
  readonly #options: TerminalOptions;
  readonly #ended: Promise<never>;
  #queue: Promise<unknown> = Promise.resolve();
  #killing: NodeJS.Timeout | undefined;

  constructor(options: TerminalOptions) {
    this.#options = options;
    const mark = `\u0001labwright-${randomBytes(9).toString('base64url')}\u0001`;
    this.#shell = spawn('sh', ['-c', GUARDED, 'sh', LOOP], {
      cwd: options.directory,
      env: { ...options.env, KUBECONFIG: options.kubeconfig, LABWRIGHT_MARK: mark },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const [, stdout, stderr, commands, answers] = this.#shell.stdio as [null, Readable, Readable, Writable, Readable];
    this.#commands = commands;
    this.#stdout = new OutputPipe(stdout, mark);
    this.#stderr = new OutputPipe(stderr, mark);
    this.#answers = new LineReader(answers);
    this.#ended = new Promise((_, reject) => {
      this.#shell.once('error', reject);
      this.#shell.once('exit', (code, signal) => {
        // The guard, and what the shell left in the background.
        this.#signalAll('SIGKILL');
        reject(endedError(signal ?? `exit code ${code}`));
      });
    });
    // Whoever runs a command sees the end of the shell; without one it is no error.
    this.#ended.catch(() => undefined);
    commands.on('error', () => undefined);
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

  /** Ends the shell and everything it started. */
  async stop(): Promise<void> {
    if (this.#shell.exitCode !== null || this.#shell.signalCode !== null) return;
    const ended = this.#ended.catch(() => undefined);
    this.#signalAll('SIGKILL');
    await ended;
  }

  async #runNow(command: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<CommandResult> {
    options.signal?.throwIfAborted();
    const timeout = setTimeout(() => this.#interrupt(), options.timeoutMs);
    const abort = (): void => this.#interrupt();
    options.signal?.addEventListener('abort', abort, { once: true });
    const started = performance.now();
    try {
      this.#commands.write(`${command}\0`);
      const answer = Promise.all([this.#answers.next(), this.#stdout.untilMark(), this.#stderr.untilMark()]);
      const [line, stdout, stderr] = await Promise.race([answer, this.#ended]);
      options.signal?.throwIfAborted();
      const space = line.indexOf(' ');
      const { redact, directory } = this.#options;
      if (performance.now() - started >= options.timeoutMs)
        throw timeoutError(command, options.timeoutMs, redact(stdout + stderr));
      return {
        exit: Number(line.slice(0, space)),
        // Where the lab began differs in every run; what a person followed is the way from there.
        directory: fromStart(directory, line.slice(space + 1)),
        stdout: redact(stdout),
        stderr: redact(stderr),
      };
    } catch (error) {
      if (performance.now() - started >= options.timeoutMs) throw timeoutError(command, options.timeoutMs, '');
      throw error;
    } finally {
      clearTimeout(timeout);
      clearTimeout(this.#killing);
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends what the shell runs, and the shell itself when that does not help. */
  #interrupt(): void {
    void killChildren(this.#shell.pid);
    clearTimeout(this.#killing);
    this.#killing = setTimeout(() => this.#signalAll('SIGKILL'), INTERRUPT_GRACE_MS);
  }

  #signalAll(signal: NodeJS.Signals): void {
    const { pid } = this.#shell;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // Gone already.
    }
  }
}

function fromStart(start: string, directory: string): string {
  const way = relative(start, directory) || '.';
  return way.startsWith('..') ? directory : way;
}

async function killChildren(shell: number | undefined): Promise<void> {
  if (shell === undefined) return;
  const { execa } = await import('execa');
  // pkill is not everywhere; ps is.
  const { stdout } = await execa('ps', ['-A', '-o', 'pid=,ppid='], { reject: false });
  const parents = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]),
  );
  const descends = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === shell || descends(parent));
  };
  for (const pid of parents.keys()) {
    if (!descends(pid)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended meanwhile.
    }
  }
}

/** The place is filled in by whoever knows which step it was. */
const NOWHERE = { file: '', line: 0, column: 0 };

function endedError(how: string): Error {
  return new StepFailure({
    code: 'LW-TERMINAL-ENDED',
    message: `the lab's shell ended (${how}), and with it its directory and variables`,
    at: NOWHERE,
    next: 'put a command that ends the shell, such as `exit`, into a subshell: ( … )',
  });
}

function timeoutError(command: string, timeoutMs: number, output: string): Error {
  return new StepFailure({
    code: 'LW-TERMINAL-TIMEOUT',
    message: `\`${command}\` did not end within ${timeoutMs / 1_000} s and was stopped`,
    actual: output.slice(-2_000),
    at: NOWHERE,
  });
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

/**
 * One bash, fed commands verbatim. Output comes over pipes; exit code and working directory come over a channel of their
 * own, so that no output can be mistaken for them. After each command the shell writes down its variables, functions,
 * options and directory, so that another one can take over when a command has ended it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { LineReader, OutputPipe } from './pipes.ts';

/**
 * Reads NUL-ended commands from descriptor 3 and answers on descriptor 4. A command gets no input, and neither
 * descriptor; the marks on stdout and stderr say that all output before them belongs to the command. It finds the exit
 * code of the command before it in `$?`. What the loop itself does is kept from stderr, where `set -x` would show it.
 */
const LOOP = `
LABWRIGHT_EXIT=0
labwright_status() { return "$1"; }
{ . "$LABWRIGHT_STATE"; } >/dev/null 2>&1
while { IFS= read -r -d '' -u 3 LABWRIGHT_COMMAND; } 2>/dev/null; do
  { labwright_status "$LABWRIGHT_EXIT"; } 2>/dev/null
  eval "$LABWRIGHT_COMMAND" </dev/null 3<&- 4>&-
  {
    LABWRIGHT_EXIT=$?
    { declare -p; declare -f; alias -p; shopt -p; set +o; printf 'cd -- %q\\n' "$PWD"; } >|"$LABWRIGHT_STATE"
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
/** How long a shell's last output is waited for: what it left behind may keep its pipes open. */
const DRAIN_MS = 1_000;

export interface BashOptions {
  /** Where the shell begins, unless `state` says otherwise. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends each command's output; the same for every shell that takes over `state`. */
  readonly mark: string;
  /** File, which must exist, that holds the state of the shell before this one; empty for the first. */
  readonly state: string;
}

export interface Answer {
  readonly exit: number;
  readonly directory: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command ended the shell that ran it, or it was killed. */
export class ShellEnded extends Error {
  /** `exit code 1`, or a signal. */
  readonly how: string;
  /** What the command had printed by then. */
  readonly output: string;

  constructor(how: string, output: string) {
    super(`the shell ended (${how})`);
    this.how = how;
    this.output = output;
  }
}

export class Bash {
  readonly #process: ChildProcess;
  readonly #commands: Writable;
  readonly #stdout: OutputPipe;
  readonly #stderr: OutputPipe;
  readonly #answers: LineReader;
  readonly #ended: Promise<never>;
  #killing: NodeJS.Timeout | undefined;

  constructor({ directory, env, mark, state }: BashOptions) {
    this.#process = spawn('sh', ['-c', GUARDED, 'sh', LOOP], {
      cwd: directory,
      env: { ...env, LABWRIGHT_MARK: mark, LABWRIGHT_STATE: state },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const [, stdout, stderr, commands, answers] = this.#process.stdio as [null, Readable, Readable, Writable, Readable];
    this.#commands = commands;
    this.#stdout = new OutputPipe(stdout, mark);
    this.#stderr = new OutputPipe(stderr, mark);
    this.#answers = new LineReader(answers);
    this.#ended = this.#end();
    // Whoever runs a command sees the end of the shell; without one it is no error.
    this.#ended.catch(() => undefined);
    commands.on('error', () => undefined);
  }

  /** One at a time. @throws {ShellEnded} */
  async run(command: string): Promise<Answer> {
    this.#commands.write(`${command}\0`);
    const answer = Promise.all([this.#answers.next(), this.#stdout.untilMark(), this.#stderr.untilMark()]);
    try {
      const [line, stdout, stderr] = await Promise.race([answer, this.#ended]);
      const space = line.indexOf(' ');
      return { exit: Number(line.slice(0, space)), directory: line.slice(space + 1), stdout, stderr };
    } finally {
      clearTimeout(this.#killing);
    }
  }

  /** Ends what the shell runs, and the shell itself when that does not help. */
  interrupt(): void {
    void killChildren(this.#process.pid);
    clearTimeout(this.#killing);
    this.#killing = setTimeout(() => this.#signalAll('SIGKILL'), INTERRUPT_GRACE_MS);
  }

  /** Ends the shell and everything it started. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = this.#ended.catch(() => undefined);
    this.#signalAll('SIGKILL');
    await ended;
  }

  async #end(): Promise<never> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const closed = new Promise((close) => this.#process.once('close', close));
    this.#process.once('error', reject);
    this.#process.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    const how = await promise;
    // The guard, and what the shell left in the background.
    this.#signalAll('SIGKILL');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolveLate) => {
      timer = setTimeout(resolveLate, DRAIN_MS);
    });
    await Promise.race([closed, late]);
    clearTimeout(timer);
    throw new ShellEnded(how, this.#stdout.rest + this.#stderr.rest);
  }

  #signalAll(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // Gone already.
    }
  }
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

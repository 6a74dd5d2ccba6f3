/**
 * One bash process that is fed commands verbatim. Output comes over pipes; exit code and working directory come over a separate
 * channel, so that output can't be mistaken for them. After each command the shell saves its variables, functions, options and
 * directory, so that a new shell can continue if a command has ended it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { LineReader, OutputPipe } from './pipes.ts';

/**
 * Reads NUL-terminated commands from descriptor 3 and answers on descriptor 4. A command gets no input, and neither descriptor; the
 * marks on stdout and stderr say that all output before them belongs to the command. It finds the exit code of the previous command
 * in `$?`. The loop's own commands are hidden from stderr, where `set -x` would show them.
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
 * After `kill -9` of this process nothing else ends the shell and its commands. Descriptor 5 then closes, and a guard in their
 * process group, which is not a child of the shell, kills the group.
 */
const GUARDED = `
( ( read -r _ <&5; kill -KILL 0 ) </dev/null >/dev/null 2>&1 3<&- 4>&- & )
exec bash --noprofile --norc -c "$1" 5<&-`;

/** If the command ignores the signal until then, it is a loop of the shell itself, and only ending the shell stops it. */
const INTERRUPT_GRACE_MS = 2_000;
/** How long to wait for a shell's last output: background processes may keep its pipes open. */
const DRAIN_MS = 1_000;

export interface BashOptions {
  /** The directory in which the shell starts, unless `state` says otherwise. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Marks the end of each command's output; the same for every shell that continues from `state`. */
  readonly mark: string;
  /** An existing file with the state of the previous shell; empty for the first. */
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
    const [, stdout, stderr, commands, answers] = this.#process.stdio;
    if (stdout === null || stderr === null || !(commands instanceof Writable) || !(answers instanceof Readable))
      throw new Error('the shell has no pipes');
    this.#commands = commands;
    this.#stdout = new OutputPipe(stdout, mark);
    this.#stderr = new OutputPipe(stderr, mark);
    this.#answers = new LineReader(answers);
    this.#ended = this.#end();
    // A running command reports the end of the shell; without one it is not an error.
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

  /** Stops what the shell runs, and the shell itself if that does not help. */
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
    // The guard, and background processes of the shell.
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
  // pkill is not installed everywhere; ps is.
  const { stdout } = await execa('ps', ['-A', '-o', 'pid=,ppid='], { reject: false });
  const parents = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .map(([pid = 0, parent = 0]) => [pid, parent] as const),
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

/**
 * Splits a block into commands, as bash would read them from a keyboard. Possible ends are found here (not inside quotes,
 * parentheses or here-documents); bash itself (`bash -n`), which knows loops, functions and lists, decides whether a command is
 * complete.
 */
import { spawnSync } from 'node:child_process';

export interface ShellCommand {
  readonly text: string;
  /** Of its first line within the block, from 0. */
  readonly line: number;
}

/** @returns at least one command; from a part that bash can't parse on, the block is one command. */
export function commandsOf(block: string): readonly ShellCommand[] {
  const ends = possibleEnds(block);
  if (ends.length < 2) return [{ text: block, line: leadingLines(block) }];
  const commands: ShellCommand[] = [];
  let from = 0;
  for (const [index, end] of ends.entries()) {
    const text = block.slice(from, end);
    if (isBlank(text)) continue;
    const last = index === ends.length - 1;
    if (!last && judge(text) !== 'whole') continue;
    const skipped = leadingLines(text);
    commands.push({
      text: text.split('\n').slice(skipped).join('\n').trim().replace(/;$/, ''),
      line: linesBefore(block, from) + skipped,
    });
    from = end;
  }
  return commands.length === 0 ? [{ text: block, line: 0 }] : commands;
}

interface SyntaxProblem {
  readonly message: string;
  /** From 1. */
  readonly line: number;
}

/** Bash's syntax error for a text; undefined if it is complete, or without bash. Nothing is executed. */
export function syntaxProblem(text: string): SyntaxProblem | undefined {
  const verdict = judge(text);
  return typeof verdict === 'string' ? undefined : verdict;
}

/** Whether there is a bash on the PATH; without one no syntax is checked, and a block is one command. */
export function hasBash(): boolean {
  return judge('') !== 'unknown';
}

const judged = new Map<string, 'whole' | SyntaxProblem>();

function judge(text: string): 'whole' | 'unknown' | SyntaxProblem {
  const known = judged.get(text);
  if (known !== undefined) return known;
  const { error, stderr, status } = spawnSync('bash', ['-n'], {
    input: text,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  if (error !== undefined) return 'unknown';
  const found = /^bash: line (\d+): (.*)$/m.exec(stderr);
  const broken =
    status !== 0 ||
    /here-document at line \d+ delimited by end-of-file/.test(stderr) ||
    /(^|[^\\])(\\\\)*\\\n?$/.test(text.trimEnd());
  const verdict = broken
    ? {
        message: (found?.[2] ?? 'the last line is not complete').replace(/^syntax error: /, ''),
        line: Math.max(1, Number(found?.[1] ?? 1)),
      }
    : 'whole';
  judged.set(text, verdict);
  return verdict;
}

/** Whether a later command reads the exit code of the one before it, which may then be anything. */
export function looksAtExitCode(command: string): boolean {
  return /\$\?|\$\{\?\}|\bPIPESTATUS\b/.test(command);
}

/** Offsets at which a command may end: line ends and `;`, and the end of the block. */
function possibleEnds(block: string): number[] {
  const ends: number[] = [];
  const scanner = new Scanner(block);
  for (let end = scanner.next(); end !== undefined; end = scanner.next()) ends.push(end);
  if (!isBlank(block.slice(ends.at(-1) ?? 0))) ends.push(block.length);
  return ends;
}

class Scanner {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #documents: { readonly word: string; readonly tabs: boolean }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** The next offset at which a command may end. */
  next(): number | undefined {
    while (this.#at < this.#text.length) {
      const end = this.#step();
      if (end !== undefined && this.#depth <= 0) return end;
    }
    return undefined;
  }

  #step(): number | undefined {
    const text = this.#text;
    const sign = text[this.#at] ?? '';
    const before = text[this.#at - 1] ?? '\n';
    switch (sign) {
      case '\\':
        this.#at += 2;
        return undefined;
      case "'":
        // In $'…' a backslash escapes.
        this.#at = before === '$' ? this.#closing("'", true) : this.#closing("'", false);
        return undefined;
      case '"':
      case '`':
        this.#at = this.#closing(sign, true);
        return undefined;
      case '(':
        this.#depth += 1;
        break;
      case ')':
        // A `)` after a `case` pattern closes nothing.
        this.#depth = Math.max(0, this.#depth - 1);
        break;
      case '#':
        if (/\s|;/.test(before)) this.#at = this.#lineEnd() - 1;
        break;
      case '<':
        return this.#redirection();
      case '\n':
        this.#at += 1;
        this.#skipDocuments();
        return this.#at;
      case ';':
        this.#at += 1;
        return text[this.#at] === ';' || before === ';' ? undefined : this.#at;
    }
    this.#at += 1;
    return undefined;
  }

  #redirection(): undefined {
    const rest = this.#text.slice(this.#at);
    const string = /^<<</.exec(rest);
    const document = /^<<(-?)\s*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([^\s;|&<>()]+))/.exec(rest);
    if (string === null && document !== null)
      this.#documents.push({ word: document[2] ?? document[3] ?? document[4] ?? '', tabs: document[1] === '-' });
    this.#at += string?.[0].length ?? document?.[0].length ?? 1;
  }

  /** Here-documents begin after the line that names them. */
  #skipDocuments(): void {
    for (const { word, tabs } of this.#documents) {
      while (this.#at < this.#text.length) {
        const end = this.#lineEnd();
        const line = this.#text.slice(this.#at, end);
        this.#at = Math.min(end + 1, this.#text.length);
        if ((tabs ? line.replace(/^\t+/, '') : line) === word) break;
      }
    }
    this.#documents = [];
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end < 0 ? this.#text.length : end;
  }

  /** @returns the offset after the closing quote. */
  #closing(quote: string, escapes: boolean): number {
    for (let at = this.#at + 1; at < this.#text.length; at += 1) {
      if (this.#text[at] === '\\' && escapes) at += 1;
      else if (this.#text[at] === quote) return at + 1;
    }
    return this.#text.length;
  }
}

/** Only comments and space. */
function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(#.*)?;?$/.test(line));
}

function linesBefore(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length - 1;
}

/** Blank lines and comments before the command. */
function leadingLines(text: string): number {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => !isBlank(line));
  return Math.max(0, first);
}

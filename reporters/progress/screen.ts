/** Permanent lines, and on a terminal a block below them that is redrawn. */
import { stripVTControlCharacters } from 'node:util';

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export class Screen {
  readonly #output: Output;
  readonly #env: NodeJS.ProcessEnv;
  #drawn = 0;

  /** @param env its TERM says whether the terminal supports drawing. */
  constructor(output: Output, env: NodeJS.ProcessEnv = process.env) {
    this.#output = output;
    this.#env = env;
  }

  get live(): boolean {
    return this.#output.isTTY === true && this.#env['TERM'] !== 'dumb';
  }

  /** Prints above the block. */
  print(text: string): void {
    this.#erase();
    this.#output.write(`${text}\n`);
  }

  /** Redraws the block; each line is cut to the terminal's width, since a wrapped line could not be erased. */
  draw(lines: readonly string[]): void {
    if (!this.live) return;
    const width = Math.max(20, this.#output.columns ?? 80) - 1;
    const fitting = lines.map((line) => cut(line, width));
    const up = this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A`;
    const rest = '\u001b[J';
    this.#output.write(`${up}\r${fitting.map((line) => `${line}\u001b[K\n`).join('')}${rest}`);
    this.#drawn = fitting.length;
  }

  #erase(): void {
    if (this.#drawn > 0) this.#output.write(`\u001b[${this.#drawn}A\r\u001b[J`);
    this.#drawn = 0;
  }

  /** Removes the block; printed lines stay. */
  end(): void {
    this.#erase();
  }
}

/** Cuts a line; a line that has to be cut loses its colour codes, so that none is cut in half. */
export function cut(line: string, width: number): string {
  const bare = stripVTControlCharacters(line);
  return bare.length <= width ? line : `${bare.slice(0, width - 1)}…`;
}

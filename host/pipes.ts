/** Reads a child's pipes in pieces: up to a mark, or NUL-terminated answers. */
import type { Readable } from 'node:stream';

/** A stream cut at the mark that the writer puts after each command's output. */
export class OutputPipe {
  readonly #mark: string;
  #text = '';
  #waiting: ((text: string) => void) | undefined;

  constructor(stream: Readable, mark: string) {
    this.#mark = mark;
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      this.#text += chunk;
      this.#deliver();
    });
  }

  /** All text up to the next mark. */
  untilMark(): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#deliver();
    });
  }

  /** The text since the last mark. */
  get rest(): string {
    return this.#text;
  }

  #deliver(): void {
    const end = this.#text.indexOf(this.#mark);
    if (end < 0 || this.#waiting === undefined) return;
    const text = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + this.#mark.length);
    const resolve = this.#waiting;
    this.#waiting = undefined;
    resolve(text);
  }
}

/** Answers separated by NUL. */
export class LineReader extends OutputPipe {
  constructor(stream: Readable) {
    super(stream, '\0');
  }

  next(): Promise<string> {
    return this.untilMark();
  }
}

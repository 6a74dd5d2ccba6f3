/** The log of one run of a container, in the kubelet's format: `<time> stdout F <line>`. */
import { EventEmitter } from 'node:events';
import { appendFileSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';

export interface LogLine {
  /** RFC 3339 with nanoseconds, the format of `kubectl logs --timestamps`. */
  readonly time: string;
  readonly text: string;
}

export class ContainerLog {
  readonly #path: string;
  readonly #changes = new EventEmitter();
  #pending: string[] = [];
  #ended = false;

  constructor(path: string) {
    this.#path = path;
    this.#changes.setMaxListeners(0);
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, '');
  }

  /** Reads the lines of a stream, including a last line without a line break. */
  follow(stream: Readable, name: 'stdout' | 'stderr'): void {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      this.#write(name, lines);
    });
    stream.on('end', () => {
      if (rest !== '') this.#write(name, [rest]);
    });
    stream.on('error', () => undefined);
  }

  /** No more lines will come. */
  end(): void {
    this.#ended = true;
    this.#changes.emit('end');
  }

  get ended(): boolean {
    return this.#ended;
  }

  async read(): Promise<LogLine[]> {
    const content = await readFile(this.#path, 'utf8').catch(() => '');
    return content.split('\n').filter(Boolean).map(parseLine);
  }

  /** @returns a function that stops listening. */
  onLine(listener: (line: LogLine) => void, onEnd: () => void): () => void {
    this.#changes.on('line', listener);
    this.#changes.once('end', onEnd);
    return () => {
      this.#changes.off('line', listener);
      this.#changes.off('end', onEnd);
    };
  }

  #write(name: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    for (const text of lines) {
      const time = now();
      this.#pending.push(`${time} ${name} F ${text}\n`);
      this.#changes.emit('line', { time, text });
    }
    this.#flush();
  }

  #flush(): void {
    const text = this.#pending.join('');
    this.#pending = [];
    try {
      appendFileSync(this.#path, text);
    } catch {
      // The pod's directory is gone with the pod.
    }
  }
}

function parseLine(line: string): LogLine {
  const time = line.slice(0, line.indexOf(' '));
  // `<time> <stream> F <text>`
  const text = line.slice(time.length + 1).replace(/^\S+ \S+ ?/, '');
  return { time, text };
}

let lastNanoseconds = 0n;

/** Strictly increasing, so that `sinceTime` never shows a line twice. */
function now(): string {
  const measured = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1_000)) * 1_000n;
  lastNanoseconds = measured > lastNanoseconds ? measured : lastNanoseconds + 1n;
  const seconds = new Date(Number(lastNanoseconds / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(lastNanoseconds % 1_000_000_000n).padStart(9, '0')}Z`;
}

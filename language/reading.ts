/** What is gathered while a section is read. */
import type { Position } from '../model/lab.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { Problem } from './problem.ts';
import type { Path, YamlDocument } from './yaml.ts';

export class Reading {
  readonly document: YamlDocument;
  readonly problems: Problem[] = [];
  /** Texts in which `${release.…}` and `${browser.name}` may stand. */
  readonly variables: { readonly text: string; readonly at: Position }[] = [];

  constructor(document: YamlDocument) {
    this.document = document;
  }

  problem(code: string, path: Path, message: string, expected?: string, suggestion?: string): void {
    const at = this.document.at(path);
    this.problems.push({
      code,
      at,
      message,
      ...(expected === undefined ? {} : { expected }),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }

  /** @returns `text` as it is; its variables are checked once the releases are known. */
  variable(text: string, path: Path): string {
    this.variables.push({ text, at: this.document.at(path) });
    return text;
  }
}

const LONGEST_MS = 24 * 3_600_000;

/** @returns milliseconds; `otherwise` where nothing is written. */
export function durationOf(text: string | undefined, path: Path, reading: Reading, otherwise: number): number {
  if (text === undefined) return otherwise;
  const ms = parseDuration(text) ?? 0;
  if (ms <= 0 || ms > LONGEST_MS)
    reading.problem(
      'LW-DURATION',
      path,
      `a deadline of ${text}`,
      `more than nothing and at most ${formatDuration(LONGEST_MS)}`,
    );
  return ms;
}

/** What is collected while a section is read. */

import { parseDuration, writeDuration } from '../model/duration.ts';
import type { Position } from '../model/lab.ts';
import type { Problem } from './problem.ts';
import type { Path, YamlDocument } from './yaml-document.ts';

/** One object: `value` stands at `path` of `document`. */
export interface Source {
  readonly document: YamlDocument;
  readonly path: Path;
  readonly value: unknown;
}

/** A command of the lab's shell or, if `isText`, a text in which only its variables are expanded. */
export interface ShellText {
  readonly command: string;
  readonly isText: boolean;
  readonly path: Path;
  readonly document: YamlDocument;
}

/** Parts of steps that can be checked without a cluster. */
export interface Contents {
  /** Texts that may contain `${release.…}` and `${browser.name}`. */
  readonly variables: readonly { readonly text: string; readonly at: Position }[];
  readonly manifests: readonly Source[];
  /** Commands of the lab's shell, in the order in which they are played; `path` is the position. */
  readonly commands: readonly ShellText[];
  /** CEL over `object`. */
  readonly expressions: readonly { readonly expression: string; readonly at: Position }[];
  /** Problems that only `validate` reports. */
  readonly warnings: readonly Problem[];
  /** Sample outputs. */
  readonly likes: readonly { readonly sample: string; readonly at: Position }[];
}

export class Reading implements Contents {
  readonly document: YamlDocument;
  readonly problems: Problem[] = [];
  readonly variables: { readonly text: string; readonly at: Position }[] = [];
  readonly warnings: Problem[] = [];
  readonly manifests: Source[] = [];
  readonly commands: ShellText[] = [];
  readonly expressions: { readonly expression: string; readonly at: Position }[] = [];
  readonly likes: { readonly sample: string; readonly at: Position }[] = [];

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

  /** Reported to the author without stopping the lab from being played. */
  warning(code: string, path: Path, message: string, expected?: string): void {
    const at = this.document.at(path);
    this.warnings.push({ code, severity: 'warning', at, message, ...(expected === undefined ? {} : { expected }) });
  }

  /** @returns `text` unchanged; its variables are checked once the releases are known. */
  variable(text: string, path: Path): string {
    this.variables.push({ text, at: this.document.at(path) });
    return text;
  }

  /** @returns `expression` unchanged; it is checked once the values of a release are known. */
  expression(expression: string, path: Path): string {
    this.expressions.push({ expression, at: this.document.at(path) });
    return this.variable(expression, path);
  }

  /** @returns `sample` unchanged. */
  like(sample: string, path: Path): string {
    this.likes.push({ sample, at: this.document.at(path) });
    return this.variable(sample, path);
  }

  /** Records a command of the lab's shell. @param path where it is written. */
  command(command: string, path: Path): void {
    this.commands.push({ command, isText: false, path, document: this.document });
  }

  /** Records a text in which the lab's shell expands its variables. @returns `text` unchanged. */
  shellText(text: string, path: Path): string {
    this.commands.push({ command: text, isText: true, path, document: this.document });
    return text;
  }

  /** Records an object that the lab sends to the cluster. */
  manifest(value: unknown, path: Path, document: YamlDocument = this.document): void {
    this.manifests.push({ document, path, value });
  }
}

const LONGEST_MS = 24 * 3_600_000;

/** @returns milliseconds; `otherwise` if nothing is written. */
export function durationOf(text: string | undefined, path: Path, reading: Reading, otherwise: number): number {
  if (text === undefined) return otherwise;
  const ms = parseDuration(text) ?? 0;
  if (ms <= 0 || ms > LONGEST_MS)
    reading.problem(
      'LW-DURATION',
      path,
      `a deadline of ${text}`,
      `more than nothing and at most ${writeDuration(LONGEST_MS)}`,
    );
  return ms;
}

/** What is gathered while a section is read. */

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

/** A command of the lab's shell, or (`isText`) a text in which only its variables are filled in. */
export interface ShellText {
  readonly command: string;
  readonly isText: boolean;
  readonly path: Path;
  readonly document: YamlDocument;
}

/** What steps contain that can be checked before there is a cluster. */
export interface Contents {
  /** Texts in which `${release.…}` and `${browser.name}` may stand. */
  readonly variables: readonly { readonly text: string; readonly at: Position }[];
  readonly manifests: readonly Source[];
  /** Commands of the lab's shell, in the order in which they are played; `path` is its place. */
  readonly commands: readonly ShellText[];
  /** CEL over `object`. */
  readonly expressions: readonly { readonly expression: string; readonly at: Position }[];
  /** What only `validate` tells. */
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

  /** What an author should know, and what does not keep the lab from being played. */
  warning(code: string, path: Path, message: string, expected?: string): void {
    const at = this.document.at(path);
    this.warnings.push({ code, severity: 'warning', at, message, ...(expected === undefined ? {} : { expected }) });
  }

  /** @returns `text` as it is; its variables are checked once the releases are known. */
  variable(text: string, path: Path): string {
    this.variables.push({ text, at: this.document.at(path) });
    return text;
  }

  /** @returns `expression` as it is; it is checked once the figures of a release are known. */
  expression(expression: string, path: Path): string {
    this.expressions.push({ expression, at: this.document.at(path) });
    return this.variable(expression, path);
  }

  /** @returns `sample` as it is. */
  like(sample: string, path: Path): string {
    this.likes.push({ sample, at: this.document.at(path) });
    return this.variable(sample, path);
  }

  /** Notes a command of the lab's shell. @param path where it is written. */
  command(command: string, path: Path): void {
    this.commands.push({ command, isText: false, path, document: this.document });
  }

  /** Notes a text in which the lab's shell fills in its variables. @returns `text` as it is. */
  shellText(text: string, path: Path): string {
    this.commands.push({ command: text, isText: true, path, document: this.document });
    return text;
  }

  /** Notes an object that the lab gives to the cluster. */
  manifest(value: unknown, path: Path, document: YamlDocument = this.document): void {
    this.manifests.push({ document, path, value });
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
      `more than nothing and at most ${writeDuration(LONGEST_MS)}`,
    );
  return ms;
}

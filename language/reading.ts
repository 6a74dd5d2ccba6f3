/** What is gathered while a section is read. */
import type { Position } from '../model/lab.ts';
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

/** Turns changes of parsed YAML into changes of its text, so that a mistake shows where a person would make it. */
import { dump } from 'js-yaml';
import type { Path, YamlDocument } from '../language/yaml-document.ts';
import type { TextEdit } from './model.ts';
import { replaced, valueAt } from './tree.ts';

/**
 * Replaces, adds or removes (undefined) the value at `path`. To add or remove a value, the node around it is rewritten.
 * @returns undefined if the document has nothing at `path` to replace.
 */
export function editValue(document: YamlDocument, path: Path, value: unknown): TextEdit | undefined {
  let at = path;
  let written = value;
  while (at.length > 0 && (written === undefined || document.range(at) === undefined)) {
    const parent = at.slice(0, -1);
    written = replaced(valueAt(document.value, parent), at.slice(parent.length), written);
    at = parent;
  }
  const range = document.range(at);
  return range === undefined ? undefined : editOf(document, range.start, range.end, inPlace(document, range, written));
}

/** Inserts steps before the one at `path`. */
export function insertStep(document: YamlDocument, path: Path, ...steps: readonly unknown[]): TextEdit | undefined {
  const range = document.range(path);
  if (range === undefined) return undefined;
  const { column } = document.positionAt(range.start);
  const dash = `\n${' '.repeat(Math.max(0, column - 3))}- `;
  const separator = isFlow(document, document.range(path.slice(0, -1))?.start) ? ', ' : dash;
  const text = steps.map((step) => `${JSON.stringify(step)}${separator}`).join('');
  return editOf(document, range.start, range.start, text);
}

/** Swaps two values. `first` must come before `second`. */
export function exchange(document: YamlDocument, first: Path, second: Path): TextEdit | undefined {
  const [one, other] = [document.range(first), document.range(second)];
  if (one === undefined || other === undefined) return undefined;
  const { text } = document;
  const between = text.slice(one.end, other.start);
  return editOf(
    document,
    one.start,
    other.end,
    text.slice(other.start, other.end) + between + text.slice(one.start, one.end),
  );
}

function editOf(document: YamlDocument, from: number, to: number, replacement: string): TextEdit {
  const [start, end] = [document.positionAt(from), document.positionAt(to)];
  return { file: document.file, start, end, from, to, replacement };
}

/** Keeps block style and its indentation; writes flow style as JSON, which is valid YAML. */
function inPlace(document: YamlDocument, range: { start: number; end: number }, value: unknown): string {
  if (typeof value !== 'object' || value === null || isFlow(document, range.start)) return JSON.stringify(value);
  const { column } = document.positionAt(range.start);
  return dump(value, { lineWidth: -1, noRefs: true })
    .trimEnd()
    .replaceAll('\n', `\n${' '.repeat(column - 1)}`);
}

function isFlow(document: YamlDocument, start: number | undefined): boolean {
  const first = start === undefined ? '' : document.text.charAt(start);
  return first === '{' || first === '[';
}

/** One document of a YAML file: its value, and the position of each part. */
import type { Position } from '../model/lab.ts';
import type { YamlNode } from './yaml-nodes.ts';

export type Path = readonly (string | number)[];

/** The text of a file, and where its lines begin. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly #lineStarts: readonly number[];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#lineStarts = [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), (match) => match.index + match[0].length)];
  }

  /** Line and column of an offset in the text, both from 1. */
  positionAt(offset: number): Position {
    const next = this.#lineStarts.findIndex((start) => start > offset);
    const line = next < 0 ? this.#lineStarts.length : next;
    return { file: this.file, line, column: 1 + offset - (this.#lineStarts[line - 1] ?? 0) };
  }

  /** @param number from 1. @returns the line without its break. */
  line(number: number): string {
    const start = this.#lineStarts[number - 1] ?? this.text.length;
    return this.text.slice(start, this.#lineStarts[number]).replace(/[\r\n]+$/, '');
  }
}

interface Found {
  readonly node: YamlNode;
  /** The key whose value `node` is. */
  readonly key: YamlNode | undefined;
  /** How many segments of the path exist. */
  readonly depth: number;
}

export class YamlDocument {
  readonly value: unknown;
  readonly #source: SourceText;
  readonly #root: YamlNode;

  constructor(source: SourceText, value: unknown, root: YamlNode) {
    this.#source = source;
    this.value = value;
    this.#root = root;
  }

  get file(): string {
    return this.#source.file;
  }

  get text(): string {
    return this.#source.text;
  }

  /** Position of the value at `path`; of its nearest ancestor if there is none. */
  at(path: Path): Position {
    const { node, key } = this.#find(path);
    // In `{key, other}` there is only the key to point at.
    return this.positionAt(node.kind === 'empty' && node.start === key?.end ? key.start : node.start);
  }

  /** Position of the key of the last segment. */
  keyAt(path: Path): Position {
    const { node, key } = this.#find(path);
    return this.positionAt((key ?? node).start);
  }

  /**
   * Position of a line of the text at `path`.
   * @param line from 0. For a text that is not written line by line (`|`), the position of the text itself.
   */
  lineAt(path: Path, line: number): Position {
    const { node } = this.#find(path);
    const at = this.at(path);
    if (node.kind !== 'scalar' || !node.literal) return at;
    const number = at.line + 1 + line;
    return { file: this.file, line: number, column: this.#source.line(number).search(/\S|$/) + 1 };
  }

  /** Keys of the map at `path`, in written order (JavaScript moves those that look like integers). */
  keys(path: Path): string[] {
    const { node } = this.#find(path);
    return node.kind === 'mapping' ? node.pairs.map(({ name }) => name) : [];
  }

  /** The lines of the value at `path`, dedented. */
  source(path: Path): string {
    const { node } = this.#find(path);
    const [first = '', ...rest] = this.text.slice(node.start, node.end).trimEnd().split(/\r?\n/);
    const column = this.positionAt(node.start).column - 1;
    // A text written line by line may be indented less than its `|`.
    const indents = rest.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
    const indent = node.kind === 'scalar' ? Math.min(column, ...indents) : column;
    const dedent = (line: string) => (line.slice(0, indent).trim() === '' ? line.slice(indent) : line);
    return [first, ...rest.map(dedent)].join('\n');
  }

  /** Offsets in `text` of the value at `path`; undefined if there is none. */
  range(path: Path): { readonly start: number; readonly end: number } | undefined {
    const { node, depth } = this.#find(path);
    if (depth < path.length || node.kind === 'empty') return undefined;
    return { start: node.start, end: node.start + this.text.slice(node.start, node.end).trimEnd().length };
  }

  /** Line and column of an offset in `text`, both from 1. */
  positionAt(offset: number): Position {
    return this.#source.positionAt(offset);
  }

  #find(path: Path): Found {
    let found: Found = { node: this.#root, key: undefined, depth: 0 };
    for (const segment of path) {
      const child = childOf(found.node, segment);
      if (child === undefined) break;
      found = { ...child, depth: found.depth + 1 };
    }
    return found;
  }
}

function childOf(node: YamlNode, segment: string | number): Omit<Found, 'depth'> | undefined {
  if (node.kind === 'mapping') {
    const pair = node.pairs.find(({ name }) => name === String(segment));
    return pair && { node: pair.value, key: pair.key };
  }
  const item = node.kind === 'sequence' ? node.items[Number(segment)] : undefined;
  return item && { node: item, key: undefined };
}

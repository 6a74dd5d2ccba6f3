/**
 * Reads YAML twice: js-yaml gives the values (core schema: no dates, no merge keys), `yaml` the place of each. What
 * either refuses is refused, and so is what could hang or mislead us (alias bombs, deep nesting, `__proto__`).
 */
import { readFileSync } from 'node:fs';
import { CORE_SCHEMA, loadAll, YAMLException } from 'js-yaml';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  visit,
} from 'yaml';
import type { Position } from '../model/lab.ts';
import type { Problem } from './problem.ts';

export type Path = readonly (string | number)[];

const MAX_BYTES = 1_000_000;
const MAX_NESTING = 64;

/** One document of a file. */
export class YamlDocument {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  readonly #root: unknown;
  readonly #lines: LineCounter;

  constructor(file: string, text: string, value: unknown, root: unknown, lines: LineCounter) {
    this.file = file;
    this.text = text;
    this.value = value;
    this.#root = root;
    this.#lines = lines;
  }

  /** Where the value at `path` stands; of its nearest ancestor when there is none. */
  at(path: Path): Position {
    return this.#position(this.#find(path).node);
  }

  /** Where the key of the last segment stands. */
  keyAt(path: Path): Position {
    const { node, key } = this.#find(path);
    return this.#position(key ?? node);
  }

  /**
   * Where a line of the text at `path` stands.
   * @param line from 0. Of a text that is not written line by line (`|`), the text's own place.
   */
  lineAt(path: Path, line: number): Position {
    const { node } = this.#find(path);
    const at = this.#position(node);
    if (!isScalar(node) || node.type !== 'BLOCK_LITERAL') return at;
    const number = at.line + 1 + line;
    const written = this.text.split(/\r?\n/)[number - 1] ?? '';
    return { file: this.file, line: number, column: written.search(/\S|$/) + 1 };
  }

  /** Keys of the map at `path`, in the order they are written (JavaScript moves those that look like integers). */
  keys(path: Path): string[] {
    const { node } = this.#find(path);
    if (!isMap(node)) return [];
    return node.items.map(({ key }) => String(isScalar(key) ? key.value : key));
  }

  /** The lines of the value at `path`, dedented. */
  source(path: Path): string {
    const { node } = this.#find(path);
    const range = isNode(node) ? node.range : undefined;
    if (range === undefined || range === null) return '';
    const indent = this.#lines.linePos(range[0]).col - 1;
    const [first = '', ...rest] = this.text.slice(range[0], range[1]).trimEnd().split(/\r?\n/);
    const dedent = (line: string) => (line.slice(0, indent).trim() === '' ? line.slice(indent) : line);
    return [first, ...rest.map(dedent)].join('\n');
  }

  /** Offsets in `text` of the value at `path`; undefined when there is none. */
  range(path: Path): { readonly start: number; readonly end: number } | undefined {
    const { node, depth } = this.#find(path);
    if (depth < path.length || !isNode(node) || !node.range) return undefined;
    const [start, end] = node.range;
    return { start, end: start + this.text.slice(start, end).trimEnd().length };
  }

  /** Line and column of an offset in `text`, both from 1. */
  positionAt(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  #find(path: Path): { node: unknown; key: unknown; depth: number } {
    let node: unknown = this.#root;
    let key: unknown;
    let depth = 0;
    for (const segment of path) {
      if (isMap(node)) {
        const pair = node.items.find(
          (item) => String(isScalar(item.key) ? item.key.value : item.key) === String(segment),
        );
        if (pair === undefined) break;
        key = pair.key;
        // `key:` without a value has no place of its own.
        node = isNode(pair.value) && pair.value.range ? pair.value : pair.key;
      } else if (isSeq(node)) {
        const item: unknown = node.items[Number(segment)];
        if (item === undefined) break;
        key = undefined;
        node = item;
      } else break;
      depth += 1;
    }
    return { node, key, depth };
  }

  #position(node: unknown): Position {
    return this.positionAt(isNode(node) && node.range ? node.range[0] : 0);
  }
}

/** The file's one document. @returns problems instead where it can't be read as YAML. */
export function readYaml(file: string): { document: YamlDocument } | { problems: readonly Problem[] } {
  const read = readYamlDocuments(file);
  if ('problems' in read) return read;
  const [document, second] = read.documents;
  const start = { file, line: 1, column: 1 };
  if (document === undefined || (document.value ?? null) === null) {
    return {
      problems: [
        {
          code: 'LW-YAML-EMPTY',
          at: start,
          message: 'the file is empty',
          next: 'docs/language.md shows what belongs here',
        },
      ],
    };
  }
  if (second !== undefined) {
    const at = second.at([]);
    return {
      problems: [
        {
          code: 'LW-YAML-DOCUMENTS',
          at,
          message: 'a second document',
          expected: 'one YAML document in this file (no `---` in the middle)',
        },
      ],
    };
  }
  return { document };
}

/** All documents of a file; empty ones (a lone `---`) are left out. */
export function readYamlDocuments(
  file: string,
): { documents: readonly YamlDocument[] } | { problems: readonly Problem[] } {
  const start = { file, line: 1, column: 1 };
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const message = missing
      ? 'there is no such file'
      : `the file can't be read: ${error instanceof Error ? error.message : String(error)}`;
    return { problems: [{ code: 'LW-FILE-MISSING', at: start, message }] };
  }
  return parseYaml(file, text);
}

/** @param text the content of `file`, without a byte order mark. */
export function parseYaml(
  file: string,
  text: string,
): { documents: readonly YamlDocument[] } | { problems: readonly Problem[] } {
  const refuse = (message: string, offset: number, lines: LineCounter) => ({
    problems: [problemAt(file, lines, offset, message)],
  });
  const lines = new LineCounter();
  if (text.length > MAX_BYTES) return refuse(`the file is larger than ${MAX_BYTES / 1e6} MB`, 0, lines);
  const deep = tooDeep(text);
  if (deep !== undefined) {
    for (let index = text.indexOf('\n'); index >= 0 && index < deep; index = text.indexOf('\n', index + 1))
      lines.addNewLine(index + 1);
    return refuse(`nested more than ${MAX_NESTING} levels deep`, deep, withFirstLine(lines));
  }
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (!Array.isArray(documents)) return { documents: [] };
  const problems = documents.flatMap((document) => [
    ...document.errors.map(({ message, pos }) => problemAt(file, lines, pos[0], plain(message))),
    ...refusals(file, document, lines),
  ]);
  if (problems.length > 0) return { problems };
  return withValues(file, text, documents, lines);
}

function withValues(
  file: string,
  text: string,
  documents: readonly Document.Parsed<ParsedNode>[],
  lines: LineCounter,
): { documents: readonly YamlDocument[] } | { problems: readonly Problem[] } {
  let values: unknown[];
  try {
    values = loadAll(text, { schema: CORE_SCHEMA });
  } catch (error) {
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const message =
      error instanceof YAMLException ? error.reason : error instanceof Error ? error.message : String(error);
    const at =
      mark === undefined ? { file, line: 1, column: 1 } : { file, line: mark.line + 1, column: mark.column + 1 };
    return { problems: [{ code: 'LW-YAML-SYNTAX', at, message: `not valid YAML: ${message}` }] };
  }
  const read = documents.map(
    (document, index) => new YamlDocument(file, text, values[index], document.contents, lines),
  );
  return { documents: read.filter(({ value }, index) => (value ?? null) !== null || index === 0) };
}

/** What is valid YAML and yet not wanted in a lab. */
function refusals(file: string, document: Document.Parsed<ParsedNode>, lines: LineCounter): Problem[] {
  const problems: Problem[] = [];
  const refuse = (node: unknown, message: string, expected?: string) => {
    const offset = isNode(node) && node.range ? node.range[0] : 0;
    const problem = problemAt(file, lines, offset, message);
    problems.push({ ...problem, code: 'LW-YAML-REFUSED', ...(expected === undefined ? {} : { expected }) });
  };
  visit(document, {
    Node(_, node, ancestors) {
      if (isAlias(node))
        refuse(node, `alias \`*${node.source}\``, 'the value itself: a lab is read by people from top to bottom');
      if (ancestors.filter((ancestor) => !isPair(ancestor)).length > MAX_NESTING) {
        refuse(node, `nested more than ${MAX_NESTING} levels deep`);
        return visit.BREAK;
      }
      return undefined;
    },
    Pair(_, { key }) {
      if (!isScalar(key)) refuse(key, 'a key that is not text', 'a word before the colon');
      else if (key.value === '__proto__') refuse(key, 'the key `__proto__` is not allowed');
      else if (key.source !== undefined && key.source !== String(key.value))
        refuse(key, `the key ${key.source} is read as ${String(key.value)}`, `'${key.source}' in quotes`);
    },
  });
  return problems;
}

/** Flow collections nested so deep that parsers run out of stack. @returns the offset. */
function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (const match of text.matchAll(/[[{\]}]|(?:- ){65,}|(?:\? ){65,}|\n(?=\S)/g)) {
    if (match[0].length > 1) return match.index;
    // A key in the first column ends whatever stood before, unbalanced brackets of a command included.
    if (match[0] === '\n') depth = 0;
    else depth += match[0] === '[' || match[0] === '{' ? 1 : -1;
    if (depth > 10 * MAX_NESTING) return match.index;
  }
  return undefined;
}

function withFirstLine(lines: LineCounter): LineCounter {
  lines.lineStarts.unshift(0);
  return lines;
}

function problemAt(file: string, lines: LineCounter, offset: number, message: string): Problem {
  const { line, col } = lines.linePos(offset);
  return { code: 'LW-YAML-SYNTAX', at: { file, line: Math.max(1, line), column: Math.max(1, col) }, message };
}

function plain(message: string): string {
  const [first = message] = message.split('\n');
  return `not valid YAML: ${first.replace(/\.$/, '')}`;
}

/** A YAML file as values (js-yaml, core schema: no dates, no merge keys) with the position of each (yaml). */
import { readFileSync } from 'node:fs';
import { CORE_SCHEMA, load, loadAll, YAMLException } from 'js-yaml';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, type Document as YamlDocument } from 'yaml';
import type { JsonValue, Position } from './lab.ts';
import { LabError } from './problem.ts';

export type Path = readonly (string | number)[];

export interface Document {
  readonly file: string;
  readonly text: string;
  readonly value: JsonValue;
  /** The value at `path`, undefined where the path leads nowhere. */
  get(path: Path): JsonValue | undefined;
  /** Position of the value at `path`; of its key where it has one and `what` is `key`. Of the nearest parent where the path leads nowhere. */
  at(path: Path, what?: 'key' | 'value'): Position;
  /** The source lines from one path's key to the end of its value, dedented. */
  source(path: Path): string;
}

const LARGEST_BYTES = 1_000_000;

/** One document. @throws {LabError} `LW-YAML-SYNTAX`, `LW-FILE-MISSING`. */
export function readDocument(file: string): Document {
  const documents = readDocuments(file);
  const [first, second] = documents;
  if (first === undefined) throw problem('LW-YAML-SYNTAX', { file, line: 1, column: 1 }, 'the file is empty');
  if (second !== undefined)
    throw problem('LW-YAML-SYNTAX', second.at([]), 'the file holds more than one YAML document', 'one');
  return first;
}

/** Each document of a multi-document file, empty ones left out. @throws {LabError} */
export function readDocuments(file: string): readonly Document[] {
  const text = readText(file);
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    keepSourceTokens: false,
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
  });
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const trees = Array.isArray(parsed) ? parsed : [];
  for (const tree of trees) refuseErrors(tree, positionOf);
  const values = readValues(file, text);
  return trees.flatMap((tree, index) => {
    const value = values[index];
    return tree.contents === null || value === undefined || value === null
      ? []
      : [documentOf(file, text, value, tree, positionOf)];
  });
}

function readText(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw problem('LW-FILE-MISSING', { file, line: 1, column: 1 }, 'the file cannot be read', 'a readable YAML file');
  }
  if (text.length > LARGEST_BYTES)
    throw problem(
      'LW-YAML-SYNTAX',
      { file, line: 1, column: 1 },
      `the file has ${text.length} characters`,
      `at most ${LARGEST_BYTES}`,
    );
  return text.replace(/^\uFEFF/, '');
}

/** The first error decides: what follows it is mostly noise. Anchors are refused with it: an alias can stand for a million values. */
function refuseErrors(tree: YamlDocument.Parsed, positionOf: (offset: number) => Position): void {
  const [error] = tree.errors;
  if (error !== undefined)
    throw problem(
      'LW-YAML-SYNTAX',
      positionOf(error.pos[0]),
      (error.message.split('\n')[0] ?? error.message).replace(/ at line \d+, column \d+:?$/, ''),
    );
}

function readValues(file: string, text: string): readonly JsonValue[] {
  try {
    const loaded: unknown =
      text.includes('\n---') || text.startsWith('---')
        ? loadAll(text, { schema: CORE_SCHEMA })
        : [load(text.trim() === '' ? 'null' : text, { schema: CORE_SCHEMA })];
    // What the core schema yields is JSON by construction.
    return loaded as readonly JsonValue[];
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    if (/empty/.test(error.reason)) return [];
    const mark = error.mark as { line?: number; column?: number } | undefined;
    throw problem(
      'LW-YAML-SYNTAX',
      { file, line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 },
      error.reason,
    );
  }
}

function documentOf(
  file: string,
  text: string,
  value: JsonValue,
  tree: YamlDocument.Parsed,
  positionOf: (offset: number) => Position,
): Document {
  const rangeAt = (path: Path, what: 'key' | 'value'): { start: number; end: number } => {
    let node: Node | null = tree.contents;
    let found = { start: tree.contents?.range?.[0] ?? 0, end: tree.contents?.range?.[1] ?? 0 };
    for (const [index, part] of path.entries()) {
      const step = enter(node, part);
      if (step === undefined) break;
      const wantsKey = what === 'key' && index === path.length - 1;
      const end = step.value?.range?.[1] ?? step.key?.range?.[1] ?? found.end;
      found = {
        start:
          (wantsKey ? step.key?.range?.[0] : undefined) ??
          step.value?.range?.[0] ??
          step.key?.range?.[0] ??
          found.start,
        end,
      };
      node = step.value;
    }
    return found;
  };
  return {
    file,
    text,
    value,
    get: (path) => valueAt(value, path),
    at: (path, what = 'value') => positionOf(rangeAt(path, what).start),
    source: (path) => {
      const { start, end } = rangeAt(path, 'key');
      const first = text.lastIndexOf('\n', start) + 1;
      return dedent(text.slice(first, end));
    },
  };
}

function enter(node: Node | null, part: string | number): { key?: Node; value: Node | null } | undefined {
  if (isSeq<Node>(node) && typeof part === 'number') {
    const item = node.items[part];
    return item === undefined ? undefined : { value: item };
  }
  if (!isMap<Node, Node | null>(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
}

/** The value that `path` leads to, undefined where it leads nowhere. Only own keys count. */
export function valueAt(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  let current = value;
  for (const part of path) {
    if (Array.isArray(current) && typeof part === 'number') current = current[part];
    else if (isMapping(current) && Object.hasOwn(current, part)) current = current[String(part)];
    else return undefined;
  }
  return current;
}

export function isMapping(value: unknown): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function dedent(text: string): string {
  const lines = text.replace(/\s+$/, '').split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const least = Math.min(...indents);
  return lines.map((line) => line.slice(least)).join('\n');
}

function problem(code: string, at: Position, message: string, expected?: string): LabError {
  return new LabError([{ code, at, message, ...(expected === undefined ? {} : { expected }) }]);
}

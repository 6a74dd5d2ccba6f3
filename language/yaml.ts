/**
 * Parses YAML once, with js-yaml (core schema: no dates, no merge keys): its events give the values and their positions. Valid YAML
 * that could mislead a reader of a lab (aliases, deep nesting, `__proto__`) is refused.
 */
import { readFileSync } from 'node:fs';
import { CORE_SCHEMA, constructFromEvents, type Event, parseEvents, YAMLException } from 'js-yaml';
import type { Problem } from './problem.ts';
import { SourceText, YamlDocument } from './yaml-document.ts';
import { nodesOf, type Pair, type YamlNode } from './yaml-nodes.ts';

const MAX_BYTES = 1_000_000;
const MAX_NESTING = 64;

type Documents = { readonly documents: readonly YamlDocument[] } | { readonly problems: readonly Problem[] };

/** The file's single document. @returns problems instead if it is not valid YAML. */
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

/** All documents of a file; empty ones (a lone `---`) are omitted. */
export function readYamlDocuments(file: string): Documents {
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
export function parseYaml(file: string, text: string): Documents {
  const source = new SourceText(file, text);
  if (text.length > MAX_BYTES)
    return { problems: [syntaxProblem(source, 0, `the file is larger than ${MAX_BYTES / 1e6} MB`)] };
  try {
    return documentsOf(source, parseEvents(text, { maxDepth: MAX_NESTING + 1 }));
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const offset = error.mark?.position ?? 0;
    return { problems: [syntaxProblem(source, offset, `not valid YAML: ${inWords(error.reason, text[offset])}`)] };
  }
}

/**
 * js-yaml's reason, reworded for common mistakes to say what to do.
 * @param sign the character at which the parser stopped.
 */
function inWords(reason: string, sign: string | undefined): string {
  if (reason.startsWith('nesting exceeded')) return `nested more than ${MAX_NESTING} levels deep`;
  if (sign !== ':') return reason;
  if (reason === 'bad indentation of a mapping entry') return 'a value with `: ` in it needs quotes';
  if (reason.startsWith('end of the stream')) return "a key can't span lines; is a `:` missing in the line before?";
  return reason;
}

function documentsOf(source: SourceText, events: Event[]): Documents {
  const { text } = source;
  const roots = nodesOf(text, events);
  const problems = roots.flatMap((root) => refusals(source, root));
  if (problems.length > 0) return { problems };
  const values = constructFromEvents(events, { source: text, schema: CORE_SCHEMA });
  const read = roots.map((root, index) => new YamlDocument(source, values[index], root));
  return { documents: read.filter(({ value }, index) => (value ?? null) !== null || index === 0) };
}

/** Valid YAML that is not wanted in a lab, in the order of the text. */
function refusals(source: SourceText, node: YamlNode): Problem[] {
  switch (node.kind) {
    case 'alias':
      return [
        refused(source, node, `alias \`*${node.name}\``, 'the value itself: people read a lab from top to bottom'),
      ];
    case 'sequence':
      return node.items.flatMap((item) => refusals(source, item));
    case 'mapping':
      return node.pairs.flatMap((pair, index) => [
        ...refusedKey(source, pair, node.pairs.slice(0, index)),
        ...refusals(source, pair.key),
        ...refusals(source, pair.value),
      ]);
    default:
      return [];
  }
}

function refusedKey(source: SourceText, { key, name }: Pair, before: readonly Pair[]): Problem[] {
  if (key.kind !== 'scalar') return [refused(source, key, 'a key that is not text', 'a word before the colon')];
  if (name === '__proto__') return [refused(source, key, 'the key `__proto__` is not allowed')];
  if (key.text !== name)
    return [refused(source, key, `the key ${key.text} is read as ${name}`, `'${key.text}' in quotes`)];
  const first = before.find((pair) => pair.name === name);
  if (first === undefined) return [];
  const { line } = source.positionAt(first.key.start);
  return [syntaxProblem(source, key.start, `the key \`${name}\` is already in line ${line}`)];
}

function refused(source: SourceText, node: YamlNode, message: string, expected?: string): Problem {
  const problem = { code: 'LW-YAML-REFUSED', at: source.positionAt(node.start), message };
  return expected === undefined ? problem : { ...problem, expected };
}

function syntaxProblem(source: SourceText, offset: number, message: string): Problem {
  return { code: 'LW-YAML-SYNTAX', at: source.positionAt(offset), message };
}

/** `expect:` on texts, pages and objects. */
import { patternOf, patternProblem } from '../expect/pattern.ts';
import type { JsonValue, ObjectExpectation, TableRow, TextExpectation } from '../model/lab.ts';
import type { Reading } from './reading.ts';
import type {
  ObjectExpectation as RawObject,
  RawTable,
  TextExpectation as RawText,
  TextExpectations,
} from './schema.generated.ts';
import type { Path } from './yaml-document.ts';

export function readTexts(raw: TextExpectations | undefined, path: Path, reading: Reading): TextExpectation[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) return [readText(raw, path, reading, 'contains')];
  return raw.map((item, index) => readText(item, [...path, index], reading, 'contains'));
}

/** @param plain how a text that is not a pattern is compared. */
export function readText(raw: RawText, path: Path, reading: Reading, plain: 'contains' | 'equals'): TextExpectation {
  const at = reading.document.at(path);
  if (typeof raw === 'string') {
    const pattern = patternOf(raw);
    reading.variable(raw, path);
    if (pattern === undefined) return { kind: plain, text: raw, at };
    checkPattern(pattern, path, reading);
    return { kind: 'pattern', pattern, at };
  }
  if ('like' in raw) return readLike(raw.like, [...path, 'like'], reading);
  if ('equals' in raw) return { kind: 'equals', text: reading.variable(raw.equals, [...path, 'equals']), at };
  return { kind: 'table', rows: readRows(raw, [...path, 'table'], reading), at };
}

function readLike(sample: string, path: Path, reading: Reading): TextExpectation {
  if (sample.trim() === '...')
    reading.problem('LW-LIKE', path, 'a sample of `...` alone matches anything', 'at least one line of output');
  return { kind: 'like', sample: reading.like(sample, path), at: reading.document.at(path) };
}

function readRows(raw: RawTable, path: Path, reading: Reading): TableRow[] {
  return raw.table.map((row, index) => {
    const rowPath = [...path, index];
    const { count, ...columns } = row;
    const cells = Object.fromEntries(
      Object.entries(columns).map(([column, value]) => {
        const text = reading.variable(String(value), [...rowPath, column]);
        const pattern = patternOf(text);
        if (pattern !== undefined) checkPattern(pattern, [...rowPath, column], reading);
        return [column, text];
      }),
    );
    if (count !== undefined && !(Number.isInteger(Number(count)) && Number(count) >= 0)) {
      reading.problem(
        'LW-SCHEMA',
        [...rowPath, 'count'],
        `\`count\` is ${JSON.stringify(count)}`,
        'a whole number of rows',
      );
    }
    if (Object.keys(cells).length === 0)
      reading.problem('LW-SCHEMA', rowPath, 'a row without columns', 'column: value, such as NAME: basic');
    return { cells, ...(count === undefined ? {} : { count: Number(count) }), at: reading.document.at(rowPath) };
  });
}

export function readObject(raw: RawObject | undefined, path: Path, reading: Reading): { expect?: ObjectExpectation } {
  if (raw === undefined) return {};
  const { cel } = raw;
  const at = reading.document.at(path);
  if (typeof cel === 'string' && Object.keys(raw).length === 1) {
    return {
      expect: {
        kind: 'cel',
        expression: reading.expression(cel, [...path, 'cel']),
        at: reading.document.at([...path, 'cel']),
      },
    };
  }
  return { expect: { kind: 'subset', subset: readJson(raw, path, reading), at } };
}

function readJson(value: unknown, path: Path, reading: Reading): JsonValue {
  if (Array.isArray(value)) return value.map((item, index) => readJson(item, [...path, index], reading));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]: [string, unknown]) => [key, readJson(item, [...path, key], reading)]),
    );
  }
  if (typeof value !== 'string') return typeof value === 'number' || typeof value === 'boolean' ? value : null;
  reading.variable(value, path);
  const pattern = patternOf(value);
  if (pattern !== undefined) checkPattern(pattern, path, reading);
  return value;
}

function checkPattern(pattern: string, path: Path, reading: Reading): void {
  const problem = patternProblem(pattern);
  if (problem !== undefined)
    reading.problem(
      'LW-PATTERN',
      path,
      `/${pattern}/ is not a valid pattern: ${problem}`,
      'a JavaScript regular expression',
    );
}

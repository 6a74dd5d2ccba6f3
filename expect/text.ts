/** Matches command output, or a page's text, against one expectation. */
import type { TextExpectation } from '../model/lab.ts';
import { unlike } from './like.ts';
import type { Mismatch } from './mismatch.ts';
import { compilePattern } from './pattern.ts';
import { rowsMissing } from './table.ts';

export type { Mismatch } from './mismatch.ts';

/** @returns undefined if it matches. */
export function matchText(expectation: TextExpectation, actual: string): Mismatch | undefined {
  const { at } = expectation;
  const text = actual.replaceAll('\r\n', '\n');
  const shown = text.trim() === '' ? '(nothing)' : text.trimEnd();
  switch (expectation.kind) {
    case 'contains':
      if (text.includes(expectation.text.trimEnd())) return undefined;
      return { message: `"${brief(expectation.text)}" was not found`, expected: expectation.text, actual: shown, at };
    case 'equals':
      if (text.trim() === expectation.text.trim()) return undefined;
      return {
        message: firstDifference(expectation.text.trim(), text.trim()),
        expected: expectation.text.trim(),
        actual: shown,
        at,
      };
    case 'pattern':
      if (compilePattern(expectation.pattern).test(text)) return undefined;
      return {
        message: `nothing matches /${expectation.pattern}/`,
        expected: `/${expectation.pattern}/`,
        actual: shown,
        at,
      };
    case 'like': {
      const difference = unlike(expectation.sample, text);
      return difference === undefined
        ? undefined
        : { message: difference, expected: expectation.sample.trimEnd(), actual: shown, at };
    }
    case 'table': {
      const missing = rowsMissing(expectation.rows, text);
      if (missing === undefined) return undefined;
      const expected = expectation.rows.map(
        ({ cells, count }) =>
          `${Object.entries(cells)
            .map(([column, value]) => `${column}: ${value}`)
            .join(', ')}${count === undefined ? '' : ` (${count} rows)`}`,
      );
      return { message: missing.message, expected: expected.join('\n'), actual: shown, at: missing.row.at };
    }
  }
}

function firstDifference(expected: string, actual: string): string {
  const wanted = expected.split('\n');
  const seen = actual.split('\n');
  if (wanted.length === 1 && seen.length === 1) return `"${brief(actual)}" instead of "${brief(expected)}"`;
  const line = wanted.findIndex((text, index) => text !== seen[index]);
  if (line < 0) return `${seen.length - wanted.length} lines more than expected`;
  return `line ${line + 1} is ${seen[line] === undefined ? 'missing' : `"${brief(seen[line])}"`} instead of "${brief(wanted[line] ?? '')}"`;
}

function brief(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.length > 120 || line !== text.trim() ? `${line.slice(0, 120)}…` : line;
}

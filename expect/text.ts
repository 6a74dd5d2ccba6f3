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
  if (wanted.length === 1 && seen.length === 1) return insteadOf(actual, expected);
  const line = wanted.findIndex((text, index) => text !== seen[index]);
  if (line < 0) return `${seen.length - wanted.length} lines more than expected`;
  const [right = '', found] = [wanted[line], seen[line]];
  return `line ${line + 1} is ${found === undefined ? `missing instead of "${brief(right)}"` : insteadOf(found, right)}`;
}

/** Two long lines are shown from shortly before the place where they differ. */
function insteadOf(found: string, right: string): string {
  const same = [...right].findIndex((character, index) => character !== found[index]);
  const from = Math.max(0, (same < 0 ? right.length : same) - BEFORE);
  const isLong = Math.max(found.length, right.length) > SHOWN;
  const part = (text: string): string => `${isLong && from > 0 ? '…' : ''}${brief(isLong ? text.slice(from) : text)}`;
  return `"${part(found)}" instead of "${part(right)}"`;
}

const SHOWN = 120;
const BEFORE = 40;

function brief(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.length > SHOWN || line !== text.trim() ? `${line.slice(0, SHOWN)}…` : line;
}

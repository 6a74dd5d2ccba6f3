/** Text against an expectation: contained, equal, a pattern, like the guide's sample, or rows of a table. */
import type { Position, TextExpectation } from '../../language/lab.ts';
import { matchLike } from './like.ts';
import { matchTable } from './table.ts';

export interface Mismatch {
  /** What did not hold, in one sentence. */
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
  readonly at: Position;
}

/** @returns undefined when the text is as expected. */
export function matchText(expectation: TextExpectation, actual: string): Mismatch | undefined {
  const seen = actual.trimEnd() === '' ? '(nothing)' : actual.trimEnd();
  switch (expectation.kind) {
    case 'contains':
      return actual.includes(expectation.text)
        ? undefined
        : {
            message: 'the output does not contain what was expected',
            expected: expectation.text,
            actual: seen,
            at: expectation.at,
          };
    case 'equals':
      return actual.trim() === expectation.text.trim()
        ? undefined
        : {
            message: 'the output is not what was expected',
            expected: expectation.text,
            actual: seen,
            at: expectation.at,
          };
    case 'pattern':
      return new RegExp(expectation.pattern, 'm').test(actual)
        ? undefined
        : {
            message: 'the output does not match the pattern',
            expected: `/${expectation.pattern}/`,
            actual: seen,
            at: expectation.at,
          };
    case 'like':
      return matchLike(expectation.sample, actual, expectation.at);
    case 'table':
      return matchTable(expectation.rows, actual, expectation.at);
  }
}

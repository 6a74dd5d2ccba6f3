/** Output against the sample that a guide prints: same columns, same rows in any order; what a cluster makes up may differ. */
import type { Position } from '../../language/lab.ts';
import { type PrintedTable, readTable } from './columns.ts';
import { sameCell, sameLine } from './shape.ts';
import type { Mismatch } from './text.ts';

/** A line that stands for any lines. */
const ANY_LINES = '...';

/** @returns undefined when the output is like the sample. */
export function matchLike(sample: string, actual: string, at: Position): Mismatch | undefined {
  const open = sample.split('\n').some((line) => line.trim() === ANY_LINES);
  const closed = sample
    .split('\n')
    .filter((line) => line.trim() !== ANY_LINES)
    .join('\n');
  const wanted = readTable(closed);
  const difference =
    wanted === undefined ? differentLines(sample, actual) : differentTable(wanted, readTable(actual), open);
  if (difference === undefined) return undefined;
  return {
    message: `the output is not like the guide's sample: ${difference}`,
    expected: sample.trimEnd(),
    actual: actual.trimEnd() === '' ? '(nothing)' : actual.trimEnd(),
    at,
  };
}

function differentTable(wanted: PrintedTable, seen: PrintedTable | undefined, open: boolean): string | undefined {
  if (seen === undefined) return `there is no table with the columns ${wanted.columns.join(', ')}`;
  if (wanted.columns.join('\n') !== seen.columns.join('\n')) return `the columns are ${seen.columns.join(', ')}`;
  const left = [...seen.rows];
  for (const row of wanted.rows) {
    const index = left.findIndex((candidate) =>
      wanted.columns.every((column) => sameCell(column, row[column] ?? '', candidate[column] ?? '')),
    );
    if (index < 0) return `no row is like ${Object.values(row).join('  ')}`;
    left.splice(index, 1);
  }
  const [extra] = left;
  return open || extra === undefined ? undefined : `there is one row too many: ${Object.values(extra).join('  ')}`;
}

function differentLines(sample: string, actual: string): string | undefined {
  const wanted = meaningful(sample);
  const seen = meaningful(actual);
  let next = 0;
  let anywhere = false;
  for (const line of wanted) {
    if (line.trim() === ANY_LINES) {
      anywhere = true;
      continue;
    }
    const found = anywhere
      ? seen.findIndex((candidate, index) => index >= next && sameLine(line, candidate))
      : sameLine(line, seen[next] ?? '')
        ? next
        : -1;
    if (found < 0)
      return `expected the line "${line.trim()}"${seen[next] === undefined ? '' : `, found "${seen[next]?.trim()}"`}`;
    next = found + 1;
    anywhere = false;
  }
  const extra = seen[next];
  return anywhere || extra === undefined ? undefined : `there is a line too many: "${extra.trim()}"`;
}

/** Blank lines and a person's prompt are not output. */
function meaningful(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^[\w.-]+@[\w.-]+:\S*[$#]( |$)/.test(line.trim()));
}

/** Rows that a printed table must have, named by column. */
import type { Position, TableRow } from '../../language/lab.ts';
import { type PrintedTable, readTable } from './columns.ts';
import type { Mismatch } from './text.ts';

/** @returns undefined when every row is there, as often as it says. */
export function matchTable(rows: readonly TableRow[], actual: string, at: Position): Mismatch | undefined {
  const table = readTable(actual);
  const seen = actual.trimEnd() === '' ? '(nothing)' : actual.trimEnd();
  if (table === undefined)
    return { message: 'the output is no table', expected: rows.map(describeRow).join('\n'), actual: seen, at };
  for (const row of rows) {
    const unknown = Object.keys(row.cells).find((column) => !table.columns.includes(column));
    if (unknown !== undefined)
      return {
        message: `the table has no column ${unknown}`,
        expected: `a column ${unknown}`,
        actual: `columns ${table.columns.join(', ')}`,
        at: row.at,
      };
    const found = table.rows.filter((candidate) => matches(row, candidate)).length;
    if (row.count === undefined ? found > 0 : found === row.count) continue;
    const message =
      row.count === undefined
        ? `no row has ${describeRow(row)}${nearest(row, table)}`
        : `${found} rows, not ${row.count}, have ${describeRow(row)}`;
    return { message, expected: describeRow(row), actual: seen, at: row.at };
  }
  return undefined;
}

function matches(row: TableRow, candidate: Readonly<Record<string, string>>): boolean {
  return Object.entries(row.cells).every(([column, value]) => sameValue(value, candidate[column] ?? ''));
}

function sameValue(wanted: string, seen: string): boolean {
  const pattern = /^\/(.+)\/$/.exec(wanted)?.[1];
  return pattern === undefined ? wanted === seen : new RegExp(pattern).test(seen);
}

function describeRow(row: TableRow): string {
  return Object.entries(row.cells)
    .map(([column, value]) => `${column} ${value}`)
    .join(', ');
}

/** The row that differs least, cell by cell: what a person would look for first. */
function nearest(row: TableRow, table: PrintedTable): string {
  const differing = (candidate: Readonly<Record<string, string>>): string[] =>
    Object.entries(row.cells)
      .filter(([column, value]) => !sameValue(value, candidate[column] ?? ''))
      .map(([column]) => `${column} ${candidate[column]}`);
  const [best] = table.rows.map(differing).sort((a, b) => a.length - b.length);
  return best === undefined || best.length === Object.keys(row.cells).length
    ? ''
    : `; the nearest has ${best.join(', ')}`;
}

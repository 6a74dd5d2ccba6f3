/** `table:`: rows that a printed table must have. */
import type { TableRow } from '../model/lab.ts';
import { nearest } from '../model/nearest.ts';
import { parseTable, type Row, type Table } from './columns.ts';
import { compilePattern, patternOf } from './pattern.ts';

/** @returns what differs and the row of the expectation that says so; undefined if all rows are found. */
export function rowsMissing(rows: readonly TableRow[], actual: string): { message: string; row: TableRow } | undefined {
  const lines = actual
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
  const start = lines.findIndex((line) => parseTable([line]) !== undefined);
  const table = start < 0 ? undefined : parseTable(lines.slice(start));
  for (const row of rows) {
    const message = table === undefined ? noTable(row, lines) : rowMissing(row, table);
    if (message !== undefined) return { message, row };
  }
  return undefined;
}

/** `oc get` without any object prints no table: correct if no row was expected. */
function noTable(row: TableRow, lines: readonly string[]): string | undefined {
  if (row.count === 0) return undefined;
  return lines[0] === undefined ? 'nothing was printed, not a table' : `"${lines[0].trim()}" is not a table`;
}

function rowMissing(row: TableRow, table: Table): string | undefined {
  for (const column of Object.keys(row.cells)) {
    if (table.columns.includes(column)) continue;
    const suggestion = nearest(column, table.columns);
    return `there is no column ${column}, only ${table.columns.join(', ')}${suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`}`;
  }
  const found = table.rows.filter((candidate) => differing(row, candidate, table).length === 0);
  if (row.count === undefined ? found.length > 0 : found.length === row.count) return undefined;
  if (row.count !== undefined) return `${found.length} rows with ${rowText(row)} instead of ${row.count}`;
  const [closest] = [...table.rows].sort((a, b) => differing(row, a, table).length - differing(row, b, table).length);
  const cells = closest === undefined ? [] : differing(row, closest, table);
  if (closest === undefined || cells.length === Object.keys(row.cells).length)
    return `there is no row with ${rowText(row)}`;
  return `row ${closest.cells[0]}: ${cells.map((column) => `${column} is ${closest.cells[table.columns.indexOf(column)] || 'empty'}, not ${row.cells[column]}`).join('; ')}`;
}

function differing(row: TableRow, candidate: Row, table: Table): string[] {
  return Object.entries(row.cells)
    .filter(([column, wanted]) => {
      const cell = candidate.cells[table.columns.indexOf(column)] ?? '';
      const pattern = patternOf(wanted);
      return pattern === undefined ? cell !== wanted : !compilePattern(pattern).test(cell);
    })
    .map(([column]) => column);
}

function rowText(row: TableRow): string {
  return Object.entries(row.cells)
    .map(([column, value]) => `${column} ${value}`)
    .join(', ');
}

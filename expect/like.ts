/** `like:`: compares output with the guide's sample output. */
import { parseTable, type Row, type Table } from './columns.ts';
import { pair } from './pairing.ts';
import { sameCell, sameWord } from './shape.ts';

const PROMPT = /^\S+@[^\s:]+:\S*[$#](?: |$)/;
const ANY_LINES = /^\s*\.\.\.\s*$/;

/** @returns what differs, in one clause; undefined if `actual` matches the sample. */
export function unlike(sample: string, actual: string): string | undefined {
  const wanted = linesOf(sample).filter((line) => !PROMPT.test(line));
  const seen = linesOf(actual).filter((line) => !PROMPT.test(line));
  const tables = tablesOf(wanted);
  if (tables.length > 1) return unlikeTables(tables, tablesOf(seen));
  const open = wanted.some((line) => ANY_LINES.test(line));
  const table = parseTable(wanted.filter((line) => !ANY_LINES.test(line)));
  if (table === undefined) return unlikeProse(wanted, seen);
  // Warnings may precede a table.
  const start = seen.findIndex((line) => sameColumns(parseTable([line]), table));
  const printed = parseTable(start < 0 ? seen : seen.slice(start));
  if (printed === undefined)
    return seen.length === 0
      ? 'nothing was printed'
      : `no table with the columns ${table.columns.join(', ')} was printed`;
  if (!sameColumns(printed, table)) return columnsDiffer(table, printed);
  return unlikeRows(table, printed, open);
}

/** Several tables, as `oc get all` prints them: each begins with its header. Lines before the first are ignored. */
function tablesOf(lines: readonly string[]): (readonly string[])[] {
  const starts = lines.flatMap((line, index) => (parseTable([line]) === undefined ? [] : [index]));
  return starts.map((start, index) => lines.slice(start, starts[index + 1]));
}

/** In any order; tables with the same columns each match a different one. */
function unlikeTables(
  wanted: readonly (readonly string[])[],
  seen: readonly (readonly string[])[],
): string | undefined {
  const given = pair(
    wanted.length,
    seen.length,
    (wish, thing) => unlike((wanted[wish] ?? []).join('\n'), (seen[thing] ?? []).join('\n')) === undefined,
  );
  const missing = wanted.find((_, index) => given[index] === undefined);
  if (missing !== undefined) {
    const free = seen.filter((_, index) => !given.includes(index));
    const table = parseTable([missing[0] ?? '']);
    const meant = free.find((lines) => table !== undefined && sameColumns(parseTable([lines[0] ?? '']), table));
    if (meant === undefined) return `no table with the columns ${table?.columns.join(', ')} was printed`;
    return unlike(missing.join('\n'), meant.join('\n'));
  }
  const extra = seen.find((_, index) => !given.includes(index));
  if (extra === undefined || wanted.some((lines) => lines.some((line) => ANY_LINES.test(line)))) return undefined;
  return `a table with the columns ${parseTable([extra[0] ?? ''])?.columns.join(', ')} is not in the sample`;
}

function sameColumns(table: Table | undefined, wanted: Table): boolean {
  return table !== undefined && table.columns.join('\t') === wanted.columns.join('\t');
}

function columnsDiffer(wanted: Table, printed: Table): string {
  const missing = wanted.columns.filter((column) => !printed.columns.includes(column));
  const extra = printed.columns.filter((column) => !wanted.columns.includes(column));
  const parts = [
    ...(missing.length > 0 ? [`column ${missing.join(', ')} is missing`] : []),
    ...(extra.length > 0 ? [`column ${extra.join(', ')} is not in the sample`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : `the columns are in another order: ${printed.columns.join(', ')}`;
}

function unlikeRows(wanted: Table, printed: Table, open: boolean): string | undefined {
  const same = (row: Row, other: Row) =>
    row.cells.length === other.cells.length &&
    wanted.columns.every((column, index) => sameCell(row.cells[index] ?? '', other.cells[index] ?? '', column));
  const given = pair(wanted.rows.length, printed.rows.length, (wish, thing) => {
    const [row, other] = [wanted.rows[wish], printed.rows[thing]];
    return row !== undefined && other !== undefined && same(row, other);
  });
  const taken = new Set(given);
  const free = printed.rows.filter((_, index) => !taken.has(index));
  const missing = wanted.rows.find((_, index) => given[index] === undefined);
  if (missing !== undefined) return rowMissing(missing, free, wanted, printed);
  const [extra] = free;
  if (open || extra === undefined) return undefined;
  return `${rowCount(printed.rows.length)} instead of ${wanted.rows.length}: ${extra.cells[0]} is not in the sample`;
}

/** Names the cell that differs in the row that was probably meant. */
function rowMissing(row: Row, free: readonly Row[], wanted: Table, printed: Table): string {
  const differing = (other: Row) =>
    wanted.columns.flatMap((column, index) =>
      sameCell(row.cells[index] ?? '', other.cells[index] ?? '', column) ? [] : [{ column, index }],
    );
  const sameName = free.filter((other) => sameCell(row.cells[0] ?? '', other.cells[0] ?? '', wanted.columns[0] ?? ''));
  const [nearest] = sameName.sort((a, b) => differing(a).length - differing(b).length);
  if (nearest === undefined) {
    if (printed.rows.length !== wanted.rows.length)
      return `${rowCount(printed.rows.length)} instead of ${wanted.rows.length}: there is no row like ${row.cells[0]}`;
    return `there is no row like ${row.cells[0]}`;
  }
  const cells = differing(nearest).map(
    ({ column, index }) => `${column} is ${nearest.cells[index] || 'empty'}, not ${row.cells[index] || 'empty'}`,
  );
  return `row ${nearest.cells[0]}: ${cells.join('; ')}`;
}

function rowCount(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

/** Line by line; between two `...` the lines must be consecutive. */
function unlikeProse(wanted: readonly string[], seen: readonly string[]): string | undefined {
  // Visited states are skipped: without this, many `...` would take exponential time.
  const failed = new Set<number>();
  const reach = (at: number, from: number): boolean => {
    const line = wanted[at];
    if (line === undefined) return from === seen.length;
    const state = at * (seen.length + 1) + from;
    if (failed.has(state)) return false;
    const reached = ANY_LINES.test(line)
      ? reach(at + 1, from) || (from < seen.length && reach(at, from + 1))
      : from < seen.length && sameLine(line, seen[from] ?? '') && reach(at + 1, from + 1);
    if (!reached) failed.add(state);
    return reached;
  };
  if (reach(0, 0)) return undefined;
  if (seen.length === 0) return 'nothing was printed';
  const unmatched = wanted.find((line) => !ANY_LINES.test(line) && !seen.some((other) => sameLine(line, other)));
  if (unmatched !== undefined) return `there is no line like "${unmatched.trim()}"`;
  const extra = seen.find((line) => !wanted.some((other) => sameLine(other, line)));
  return extra === undefined ? 'the lines are in another order' : `the line "${extra.trim()}" is not in the sample`;
}

function sameLine(sample: string, actual: string): boolean {
  const words = sample.trim().split(/\s+/);
  const others = actual.trim().split(/\s+/);
  return words.length === others.length && words.every((word, index) => sameWord(word, others[index] ?? ''));
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
}

/** @returns what is wrong with the sample itself: a row that does not fit its header. */
export function sampleProblem(sample: string): { message: string; expected: string } | undefined {
  const lines = linesOf(sample).filter((line) => !PROMPT.test(line) && !ANY_LINES.test(line));
  const tables = tablesOf(lines);
  if (tables.length > 1)
    return tables.map((each) => sampleProblem(each.join('\n'))).find((problem) => problem !== undefined);
  const table = parseTable(lines);
  const odd = table?.rows.find(({ cells }) => cells.length !== table.columns.length);
  if (table === undefined || odd === undefined) return undefined;
  return {
    message: `the row "${odd.line.trim()}" has ${odd.cells.length} cells under ${table.columns.length} columns`,
    expected: 'the sample as it was printed, columns aligned or separated by tabs',
  };
}

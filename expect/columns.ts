/** Tables as `oc get` prints them: a header in capitals, columns padded with spaces (in a guide's copy, tabs or single spaces). */

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly cells: readonly string[];
  readonly line: string;
}

const HEADING = /^[A-Z][A-Z0-9()/._%-]*(?: [A-Z][A-Z0-9()/._%-]*)*$/;

/** @returns undefined if `lines` don't start with a header. */
export function parseTable(lines: readonly string[]): Table | undefined {
  const [header = '', ...rest] = lines;
  const columns = splitLine(header);
  if (columns.length < 2 || !columns.every((column) => HEADING.test(column))) return undefined;
  return { columns, rows: rest.map((line) => ({ cells: cellsOf(line, header, columns), line })) };
}

function splitLine(line: string): string[] {
  const text = line.trim();
  if (text.includes('\t')) return text.split(/\s*\t\s*/);
  const padded = text.split(/ {2,}/);
  // Three spaces between columns, or a single one if a copy lost the padding.
  return padded.length > 1 ? padded : text.split(' ');
}

function cellsOf(line: string, header: string, columns: readonly string[]): string[] {
  const split = splitLine(line);
  if (split.length === columns.length) return split;
  const words = line.trim().split(/\s+/);
  if (header.includes('\t') || line.includes('\t')) return split;
  const starts = startsOf(header, columns);
  // An empty cell is recognized only by its position under the header.
  const aligned = starts.every((start) => start === 0 || line.length <= start || /\s/.test(line[start - 1] ?? ' '));
  const cells = starts.map((start, index) => line.slice(start, starts[index + 1]).trim());
  if (aligned && header.includes('  ') && !cells.some((cell) => cell.includes('  '))) return cells;
  return words;
}

function startsOf(header: string, columns: readonly string[]): number[] {
  let from = 0;
  return columns.map((column) => {
    const start = header.indexOf(column, from);
    from = start + column.length;
    return start;
  });
}

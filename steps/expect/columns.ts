/** The tables that kubectl and oc print: columns start where their headings start. */

export interface PrintedTable {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** Headings are in capitals, single spaces inside them (`CLUSTER-IP`, `HOST/PORT`, `PORT(S)`, `CONTROL PLANE`). */
const HEADINGS = /^[A-Z][A-Z0-9()/_-]*( [A-Z0-9()/_-]+)*(\s{2,}[A-Z][A-Z0-9()/_-]*( [A-Z0-9()/_-]+)*)*\s*$/;

/** @returns the first table in the text, undefined where there is none. */
export function readTable(text: string): PrintedTable | undefined {
  const lines = text.replaceAll('\t', '    ').split(/\r?\n/);
  const first = lines.findIndex(isHeader);
  const header = lines[first];
  if (header === undefined) return undefined;
  const starts = startsOf(header);
  const body = lines.slice(first + 1);
  const end = body.findIndex((line) => line.trim() === '' || isHeader(line));
  const rows = (end < 0 ? body : body.slice(0, end)).map((line) => cellsOf(line, starts));
  return { columns: starts.map(({ name }) => name), rows };
}

function isHeader(line: string): boolean {
  return HEADINGS.test(line) && line.trim().includes(' ');
}

interface Start {
  readonly name: string;
  readonly from: number;
}

function startsOf(header: string): readonly Start[] {
  return [...header.matchAll(/\S+( \S+)*/g)].map((match) => ({ name: match[0], from: match.index }));
}

/** A pasted sample may have lost its alignment: then as many words as columns, from the left. */
function cellsOf(line: string, starts: readonly Start[]): Readonly<Record<string, string>> {
  const aligned = starts.every(({ from }) => from === 0 || line.length <= from || line[from - 1] === ' ');
  const words = line.trim().split(/\s+/);
  if (!aligned || words.length === starts.length) {
    if (words.length >= starts.length || !aligned)
      return Object.fromEntries(starts.map(({ name }, index) => [name, words[index] ?? '']));
  }
  return Object.fromEntries(
    starts.map(({ name, from }, index) => [name, line.slice(from, starts[index + 1]?.from).trim()]),
  );
}

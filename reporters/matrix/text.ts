/** The drift table for a terminal: steps that pass on all releases are counted, others are listed. */
import { plain } from '../plain.ts';
import type { Cell, CellKind, Matrix, Row } from './drift.ts';
import { count } from './drift.ts';

export const WORDS: Readonly<Record<CellKind, string>> = {
  passes: 'passes',
  known: 'known drift',
  new: 'NEW',
  open: 'not reached',
  absent: 'not in this lab',
};
const SIGNS: Readonly<Record<CellKind, string>> = { passes: '✓', known: '~', new: '✗', open: '·', absent: ' ' };
const WIDTH = 64;

export function matrixText(matrix: Matrix): string {
  const names = matrix.releases.map(({ release }) => release);
  const head = `${'Step'.padEnd(WIDTH)}  ${names.map((name) => name.padEnd(4)).join(' ')}`;
  const lines = [head, '─'.repeat(head.length)];
  for (const section of [...new Set(matrix.rows.map((row) => row.section))]) {
    const rows = matrix.rows.filter((row) => row.section === section);
    const differing = rows.filter(({ cells }) => cells.some(({ kind }) => kind !== 'passes' && kind !== 'absent'));
    lines.push(
      `Section ${section}: ${rows.length - differing.length} of ${rows.length} steps pass on every release of their lab`,
    );
    lines.push(...differing.map(rowText));
  }
  return [...lines, '', ...notes(matrix), '', summary(matrix)].join('\n');
}

function rowText(row: Row): string {
  const title = `  ${plain(row.title)}`.replaceAll('\n', ' ');
  const shown = title.length > WIDTH ? `${title.slice(0, WIDTH - 1)}…` : title.padEnd(WIDTH);
  return `${shown}  ${row.cells.map((cell) => signOf(cell).padEnd(4)).join(' ')}`.trimEnd();
}

function signOf({ kind, gone }: Cell): string {
  return gone === true ? '✓?' : SIGNS[kind];
}

/** Each reason once, with its releases. */
function notes(matrix: Matrix): string[] {
  const problems = matrix.releases.flatMap(({ release, problem }) =>
    problem === undefined ? [] : [`${release}: ${problem}`],
  );
  const reasons = matrix.rows.flatMap((row) => {
    const byReason = new Map<string, string[]>();
    for (const [index, { kind, gone, reason }] of row.cells.entries()) {
      if (reason === undefined) continue;
      const what = gone === true ? 'declared drift that did not occur' : WORDS[kind];
      const key = `${what}: ${reason}`;
      byReason.set(key, [...(byReason.get(key) ?? []), matrix.releases[index]?.release ?? '']);
    }
    return [...byReason].map(([key, names]) => `${row.at}  ${plain(key)}  [${names.join(', ')}]`);
  });
  return [...problems, ...reasons];
}

export function summary(matrix: Matrix): string {
  const kinds: readonly CellKind[] = ['passes', 'known', 'new', 'open'];
  const parts = kinds.map((kind) => `${count(matrix, kind)} ${WORDS[kind].toLowerCase()}`);
  return `${matrix.releases.length} releases, ${matrix.rows.length} steps: ${parts.join(', ')}.`;
}

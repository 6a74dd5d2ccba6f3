import type { TextExpectation } from '../model/lab.ts';

/** What the lab's author wrote, as one string. */
export function expectationText(expectation: TextExpectation): string {
  switch (expectation.kind) {
    case 'contains':
    case 'equals':
      return expectation.text;
    case 'pattern':
      return `/${expectation.pattern}/`;
    case 'like':
      return expectation.sample;
    case 'table':
      return expectation.rows.map(rowText).join('\n');
  }
}

function rowText({ cells, count }: Extract<TextExpectation, { kind: 'table' }>['rows'][number]): string {
  const row = Object.entries(cells).map(([column, value]) => `${column}: ${value}`);
  return `${row.join(', ')}${count === undefined ? '' : `  (${count} ${count === 1 ? 'row' : 'rows'})`}`;
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf } from './table.ts';

test('a column is as wide as its longest cell plus the gap, but not narrower than the minimum', () => {
  const lines = [
    ['NAME', 'TO'],
    ['routes/web', 'web'],
  ];
  assert.equal(columnsOf(lines, { gap: 2, least: 0 }), 'NAME        TO\nroutes/web  web');
  assert.equal(columnsOf(lines, { gap: 4, least: 20 }), 'NAME                TO\nroutes/web          web');
});

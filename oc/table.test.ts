import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf } from './table.ts';

test('columns are as wide as their longest cell and the gap, or as wide as they must be at least', () => {
  const lines = [
    ['NAME', 'TO'],
    ['routes/web', 'web'],
  ];
  assert.equal(columnsOf(lines, { gap: 2, least: 0 }), 'NAME        TO\nroutes/web  web');
  assert.equal(columnsOf(lines, { gap: 4, least: 20 }), 'NAME                TO\nroutes/web          web');
});

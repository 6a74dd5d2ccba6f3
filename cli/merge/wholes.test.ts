import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordOf } from '../../reporters/history/record.ts';
import { passingRun } from '../../test/report-samples/runs.ts';
import { factsOfWhole, type Part, wholesOf } from './wholes.ts';

interface Leg {
  readonly release?: string;
  readonly group?: string;
  readonly shard?: number;
  readonly content?: string;
  readonly night?: number;
}

let count = 0;

function part({ release = '2.5', group = 'g', shard, content = 'c', night = 1 }: Leg): Part {
  count += 1;
  const facts = { id: `run-${count}`, tool: { version: '0.1.0' }, host: `host-${count}`, group, lab: { content } };
  const run = recordOf(passingRun(), {
    ...facts,
    ...(shard === undefined ? {} : { shard: { index: shard, total: 2 } }),
  });
  const dated = { ...run, release, startedAt: `2026-11-0${night}T01:00:00Z` };
  return { directory: `/reports/${count}`, blobs: [`${count}.zip`], run: dated };
}

const shape = (parts: readonly Part[]) =>
  wholesOf(parts).map(({ name, parts: own, missing }) => [name, own.map(({ run }) => run.shard?.index ?? 0), missing]);

test('shards of one release and pipeline run belong together, in any order', () => {
  const parts = [
    part({ shard: 2 }),
    part({ shard: 1, release: '2.6' }),
    part({ shard: 1 }),
    part({ shard: 2, release: '2.6' }),
  ];
  assert.deepEqual(shape(parts), [
    ['2.5-sandbox', [2, 1], []],
    ['2.6-sandbox', [1, 2], []],
  ]);
});

test('shards of different nights, or of a lab that was changed in between, are not combined', () => {
  assert.deepEqual(shape([part({ shard: 1, group: 'monday' }), part({ shard: 2, group: 'tuesday' })]), [
    ['2.5-sandbox', [1], ['2/2']],
    ['2.5-sandbox-2', [2], ['1/2']],
  ]);
  assert.equal(wholesOf([part({ shard: 1, content: 'old' }), part({ shard: 2, content: 'new' })]).length, 2);
});

test('if a shard was played again, the newest counts', () => {
  const [whole] = wholesOf([part({ shard: 1, night: 2 }), part({ shard: 1, night: 1 }), part({ shard: 2 })]);
  assert.deepEqual(whole?.parts.map(({ run }) => [run.shard?.index, run.startedAt.slice(8, 10)]).sort(), [
    [1, '02'],
    [2, '01'],
  ]);
});

test('runs that are not shards stay separate and keep their id', () => {
  const parts = [part({}), part({})];
  assert.deepEqual(
    wholesOf(parts).map((whole) => factsOfWhole(whole).id),
    parts.map(({ run }) => run.id),
  );
});

test('the same shards make the same run, however often they are merged', () => {
  const [one, two] = [part({ shard: 1 }), part({ shard: 2 })];
  const ids = [wholesOf([one, two]), wholesOf([two, one])].map(([whole]) => whole && factsOfWhole(whole));
  assert.equal(ids[0]?.id, ids[1]?.id);
  assert.deepEqual(ids[0]?.parts, [one.run.id, two.run.id].sort());
});

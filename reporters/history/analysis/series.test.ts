import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passingRun } from '../../../test/report-samples/runs.ts';
import { type HistoryRun, recordOf, refusalOf } from '../record.ts';
import { labsOf, seriesName } from './series.ts';

const facts = { id: 'a', tool: { version: '0.1.0' }, host: 'runner' };
const good = recordOf(passingRun(), facts);
const on = (release: string, over: Partial<HistoryRun> = {}): HistoryRun => ({ ...good, release, ...over });

/** A run that ended before it knew its release. */
function refused(context: string | undefined): HistoryRun {
  const refusal = { kind: 'not fit', reason: 'no', exitCode: 3, startedAt: '2026-11-20T00:00:00Z' };
  return refusalOf(refusal, good.lab, { ...facts, ...(context === undefined ? {} : { context }) });
}

const shape = (runs: readonly HistoryRun[]) =>
  labsOf(runs)[0]?.series.map(({ release, cluster, runs: own }) => [release, cluster, own.length]);

test('a refused run belongs to the series of its cluster', () => {
  const cluster = { kind: 'openshift', server: 'https://api.x.test:6443', openshiftVersion: '4.14.1' } as const;
  const west = on('Mesh 2.6', { cluster, context: 'west' });
  assert.deepEqual(shape([west, on('Mesh 2.0'), refused('west'), refused(undefined)]), [
    ['Mesh 2.6', 'west', 2],
    ['Mesh 2.0', 'Sandbox', 2],
  ]);
});

test('a refused run that may belong to several series gets its own', () => {
  assert.deepEqual(shape([on('Mesh 2.6'), on('Mesh 2.0'), refused(undefined)])?.length, 3);
});

test('releases are named by what distinguishes them, newest first', () => {
  const [lab] = labsOf([on('Mesh 2.9'), on('Mesh 2.10')]);
  assert.deepEqual(
    lab?.series.map((series) => seriesName(series, lab.series)),
    ['2.10', '2.9'],
  );
  const [alone] = labsOf([on('Mesh 2.9')]);
  assert.deepEqual(
    alone?.series.map((series) => seriesName(series, alone.series)),
    ['Mesh 2.9'],
  );
});

test('sandboxes count as one cluster whatever their address, and so do loopback servers', () => {
  const local = (port: number) =>
    ({ kind: 'openshift', server: `https://127.0.0.1:${port}`, openshiftVersion: '4' }) as const;
  assert.equal(
    shape([good, { ...good, cluster: { kind: 'sandbox', server: 'https://127.0.0.1:1', openshiftVersion: '4' } }])
      ?.length,
    1,
  );
  assert.deepEqual(shape([on('x', { cluster: local(1) }), on('x', { cluster: local(2) })]), [['x', '127.0.0.1', 2]]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Elsewhere, LAB, until } from './cluster.ts';

test('a cluster that disappears during a run is reported as lost, not as a finding about the lab', async () => {
  await using cluster = await Elsewhere.start('vanishing');
  const run = cluster.certify(LAB, '--browser', 'chromium');
  await until(run, /✓ Chromium {2}1/);
  await cluster.vanish();
  const { exitCode, all } = await run;
  assert.equal(exitCode, 4, all);
  assert.match(all, /labwright cleanup/);
});

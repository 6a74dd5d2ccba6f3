import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { describeInternalFault, isInternalFault } from './internal-fault.ts';

async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

test('an error in the code is an internal error, reported with the place where it was raised', async () => {
  const mistake = await thrownBy(() => (JSON.parse('{}') as { a: { b: string } }).a.b);
  assert.equal(isInternalFault(mistake), true);
  assert.match(describeInternalFault(mistake), /^Labwright itself failed: TypeError: .*internal-fault\.test\.ts:\d+/);
});

test('an unreachable network, a malformed address and a missing file are not internal errors', async () => {
  for (const work of [
    () => fetch('http://127.0.0.1:1/'),
    () => new URL('not an address'),
    () => readFile('/no/such/file'),
    () => Promise.reject(new Error('said on purpose')),
  ])
    assert.equal(isInternalFault(await thrownBy(work)), false, String(work));
});

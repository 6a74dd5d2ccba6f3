import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProbe } from './probes.ts';

test('a probe without a handler fails and says so', async () => {
  const container = { name: 'c', image: 'x' };
  const exec = () => Promise.reject(new Error('nothing is run'));
  const { ok, message } = await runProbe({}, { address: '127.0.0.1', container, exec });
  assert.equal(ok, false);
  assert.match(message, /missing probe handler/);
});

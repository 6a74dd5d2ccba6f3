/** Compares the sandbox with a real kube-apiserver on a random walk. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import type { Answer } from '../api/call.ts';
import { KNOWN } from './differences.ts';
import { walk } from './generate.ts';
import { judge } from './judge.ts';
import { answersOf, FILE, LENGTH, SEED } from './record.ts';

let sandbox: Sandbox;
before(async () => {
  sandbox = await startSandbox({ name: 'walk', images: [] });
});
after(() => sandbox?.stop());

test(`${LENGTH} calls of a random walk get the answers of a real server, except for the listed differences`, async () => {
  const real: Answer[] = JSON.parse(gunzipSync(readFileSync(FILE)).toString());
  const ours = await answersOf(sandbox);
  const { unexplained, needed } = judge(walk(SEED, LENGTH), real, ours);
  const stale = KNOWN.filter((rule) => !needed.has(rule)).map((rule) => `no longer needed: ${rule.because}`);
  assert.equal([...unexplained.slice(0, 40), ...stale].join('\n'), '');
});

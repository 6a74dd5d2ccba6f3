/**
 * `node test/conformance/walk/seeds.ts SEED…`: takes further walks on a real kube-apiserver and on the sandbox, and prints where
 * their answers differ. Needs `npm run build:real`. Exits with 1 if a difference is not explained.
 */
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import type { Answer } from '../api/call.ts';
import { walk } from './generate.ts';
import { judge } from './judge.ts';
import { answersOf, LENGTH } from './record.ts';

const seeds = process.argv.slice(2).map(Number);
if (seeds.length === 0 || seeds.some((seed) => !Number.isInteger(seed))) {
  console.error('usage: node test/conformance/walk/seeds.ts SEED…');
  process.exit(2);
}

async function answersToAll(api: 'real' | 'ours'): Promise<readonly (readonly Answer[])[]> {
  const sandbox: Sandbox = await startSandbox({
    name: `seeds-${api}`,
    images: [],
    controlPlane: { api, mesh: 'ours' },
  });
  try {
    const all: Answer[][] = [];
    for (const seed of seeds) all.push(await answersOf(sandbox, seed));
    return all;
  } finally {
    await sandbox.stop();
  }
}

const [real, ours] = [await answersToAll('real'), await answersToAll('ours')];
for (const [index, seed] of seeds.entries()) {
  const { unexplained } = judge(walk(seed, LENGTH), real[index] ?? [], ours[index] ?? []);
  console.log(`seed ${seed}: ${LENGTH} calls, ${unexplained.length} differences without an explanation`);
  for (const line of unexplained) console.log(`  ${line}`);
  if (unexplained.length > 0) process.exitCode = 1;
}

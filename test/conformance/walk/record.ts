/** Records the walk on a real kube-apiserver: `node test/conformance/walk/record.ts`, after `npm run build:real`. */
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import { type Answer, ask } from '../api/call.ts';
import { walk } from './generate.ts';

export const SEED = 2207;
export const LENGTH = 5000;
export const FILE = new URL('recorded.json.gz', import.meta.url);

/** @returns the answers in order. */
export async function answersOf(sandbox: Sandbox, seed = SEED, length = LENGTH): Promise<Answer[]> {
  const calls = walk(seed, length);
  const answers = await ask(sandbox, { name: `walk-${seed}`, calls });
  return calls.map(({ what }) => withoutControllers(answers[what] ?? { status: 0, body: undefined }));
}

/** Leaves out what controllers write at a time of their own: statuses, and a Deployment's revision. */
function withoutControllers(answer: Answer): Answer {
  const text = JSON.stringify(answer, (key, value: unknown) => {
    if (key === 'status' && typeof value === 'object') return undefined;
    return key === 'deployment.kubernetes.io/revision' ? undefined : value;
  });
  return JSON.parse(text) as Answer;
}

/** @returns how many answers were recorded. */
export async function record(): Promise<number> {
  const sandbox = await startSandbox({ name: 'record', images: [], controlPlane: { api: 'real', mesh: 'ours' } });
  try {
    const answers = await answersOf(sandbox);
    writeFileSync(FILE, gzipSync(JSON.stringify(answers), { level: 9 }));
    return answers.length;
  } finally {
    await sandbox.stop();
  }
}

if (process.argv[1] === import.meta.filename) console.log(`${await record()} answers recorded.`);

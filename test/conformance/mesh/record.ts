/** Records how a real istiod routes requests: `node test/conformance/mesh/record.ts`, after `npm run build:real`. */
import { writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { findIstiod } from '../../../sandbox/index.ts';
import { Harbour, type Seen } from './harbour.ts';
import { QUESTIONS } from './questions.ts';
import { recordCases } from './record-cases.ts';

export interface RecordedMesh {
  readonly server: string;
  readonly seen: Readonly<Record<string, Seen>>;
}

export const FILE = new URL('recorded.json', import.meta.url);

/** @returns how many answers were recorded. */
export async function recordMesh(): Promise<number> {
  const harbour = await Harbour.start('real');
  try {
    const seen: Record<string, Seen> = {};
    for (const question of QUESTIONS) seen[question.what] = await harbour.ask(question);
    const built = await execa('go', ['version', '-m', findIstiod() ?? ''], { reject: false });
    const version = /\bmod\s+istio\.io\/istio\s+(\S+)/.exec(built.stdout ?? '')?.[1] ?? 'of an unknown version';
    writeFileSync(
      FILE,
      `${JSON.stringify({ server: `istiod ${version}`, seen } satisfies RecordedMesh, undefined, 1)}\n`,
    );
    return QUESTIONS.length;
  } finally {
    await harbour.stop();
  }
}

if (process.argv[1] === import.meta.filename)
  console.log(`${(await recordMesh()) + (await recordCases())} answers recorded.`);

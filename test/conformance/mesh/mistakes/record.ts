/** Records how a real istiod's webhook refuses wrong rules: `node test/conformance/mesh/mistakes/record.ts`, after `npm run build:real`. */
import { writeFileSync } from 'node:fs';
import { MeshEnvironment } from '../environment/index.ts';
import { verdicts } from './mistakes.ts';

export const FILE = new URL('recorded.json', import.meta.url);

/** @returns how many answers were recorded. */
export async function recordMeshMistakes(): Promise<number> {
  await using environment = await MeshEnvironment.open('real');
  const said = await verdicts(environment.cluster);
  writeFileSync(FILE, `${JSON.stringify(said, undefined, 1)}\n`);
  return Object.keys(said).length;
}

if (process.argv[1] === import.meta.filename) console.log(`${await recordMeshMistakes()} answers recorded.`);

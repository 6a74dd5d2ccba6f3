/** Records the answers of a real kube-apiserver: `node test/conformance/api/record.ts`, after `npm run build:real`. */
import { writeFileSync } from 'node:fs';
import { startSandbox } from '../../../sandbox/index.ts';
import { type Answer, ask } from './call.ts';
import { changes } from './calls/changes.ts';
import { kinds } from './calls/kinds.ts';
import { objects } from './calls/objects.ts';

export interface Recorded {
  readonly server: string;
  readonly answers: Readonly<Record<string, Readonly<Record<string, Answer>>>>;
}

export const SCENARIOS = [...objects, ...kinds, ...changes];
export const FILE = new URL('recorded.json', import.meta.url);

/** @returns how many answers were recorded. */
export async function record(): Promise<number> {
  const sandbox = await startSandbox({ name: 'record', images: [], controlPlane: { api: 'real', mesh: 'ours' } });
  try {
    const answers: Record<string, Record<string, Answer>> = {};
    for (const scenario of SCENARIOS) answers[scenario.name] = await ask(sandbox, scenario);
    const version = await ask(sandbox, {
      name: 'version',
      calls: [{ what: 'version', method: 'GET', path: '/version' }],
    });
    const said = version['version'];
    if (said === undefined) throw new Error('the server told no version');
    const { gitVersion } = said.body as { gitVersion: string };
    const recorded: Recorded = { server: `kube-apiserver ${gitVersion}`, answers };
    writeFileSync(FILE, `${JSON.stringify(recorded, undefined, 1)}\n`);
    return Object.values(answers).reduce((sum, one) => sum + Object.keys(one).length, 0);
  } finally {
    await sandbox.stop();
  }
}

if (process.argv[1] === import.meta.filename) console.log(`${await record()} answers recorded.`);

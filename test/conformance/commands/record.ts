/** Records what a real kube-apiserver makes kubectl say: `node test/conformance/commands/record.ts`, after `npm run build:real`. */
import { writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { startSandbox } from '../../../sandbox/index.ts';
import { play, readCases, type Said } from './run.ts';

export interface RecordedCommand extends Said {
  readonly command: string;
}
export interface RecordedCommands {
  /** `kubectl v1.20.2`. */
  readonly client: string;
  readonly server: string;
  readonly cases: Readonly<Record<string, readonly RecordedCommand[]>>;
}

export const FILE = new URL('recorded.json', import.meta.url);

/** @returns the client on the PATH, as recordings name it. */
export async function clientVersion(): Promise<string> {
  const { stdout } = await execa('kubectl', ['version', '--client', '-o', 'json']);
  return `kubectl ${JSON.parse(stdout).clientVersion.gitVersion}`;
}

/** @returns how many commands were recorded. */
export async function record(): Promise<number> {
  const sandbox = await startSandbox({ name: 'record', images: [], controlPlane: { api: 'real', mesh: 'ours' } });
  try {
    const cases: Record<string, RecordedCommand[]> = {};
    for (const one of readCases()) {
      const said = await play(sandbox, one);
      cases[one.name] = one.commands.map((command, index) => ({ command, ...(said[index] as Said) }));
    }
    const recorded: RecordedCommands = { client: await clientVersion(), server: 'kube-apiserver v1.34.2', cases };
    writeFileSync(FILE, `${JSON.stringify(recorded, undefined, 1)}\n`);
    return Object.values(cases).flat().length;
  } finally {
    await sandbox.stop();
  }
}

if (process.argv[1] === import.meta.filename) console.log(`${await record()} commands recorded.`);

/**
 * `node test/conformance/commands/record.ts [VERSION…]`: records what each kubectl, or those of the versions named (`v1.34`), print
 * on a real kube-apiserver, after `npm run build:real`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { startSandbox } from '../../../sandbox/index.ts';
import type { Kubectl } from '../../support/kubectls.ts';
import { KUBECTLS } from '../../support/kubectls.ts';
import { play, readCases, type Said } from './run.ts';

export interface RecordedCommand extends Said {
  readonly command: string;
}
export interface RecordedCommands {
  /** `kubectl v1.37`. */
  readonly client: string;
  readonly server: string;
  readonly cases: Readonly<Record<string, readonly RecordedCommand[]>>;
}

const fileOf = ({ version }: Kubectl): URL => new URL(`recorded/${version}.json`, import.meta.url);

/** @returns undefined if this version of kubectl was not recorded. */
export function readRecorded(kubectl: Kubectl): RecordedCommands | undefined {
  const file = fileOf(kubectl);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RecordedCommands) : undefined;
}

/** @param wanted versions; all when empty. @returns how many commands were recorded. */
async function record(wanted: readonly string[]): Promise<number> {
  const sandbox = await startSandbox({ name: 'record', images: [], controlPlane: { api: 'real', mesh: 'ours' } });
  let count = 0;
  try {
    for (const kubectl of KUBECTLS.filter(({ version }) => wanted.length === 0 || wanted.includes(version))) {
      const cases: Record<string, RecordedCommand[]> = {};
      for (const one of readCases()) {
        const said = await play(sandbox, kubectl, one);
        cases[one.name] = one.commands.map((command, index) => ({ command, ...(said[index] as Said) }));
      }
      const client = `kubectl ${kubectl.version}`;
      const recorded: RecordedCommands = { client, server: 'kube-apiserver v1.34.2', cases };
      writeFileSync(fileOf(kubectl), `${JSON.stringify(recorded, undefined, 1)}\n`);
      count += Object.values(cases).flat().length;
    }
    return count;
  } finally {
    await sandbox.stop();
  }
}

if (process.argv[1] === import.meta.filename) console.log(`${await record(process.argv.slice(2))} commands recorded.`);

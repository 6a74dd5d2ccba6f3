/** Records how a real kube-apiserver refuses the mistakes: `node test/conformance/mistakes/record.ts`, after `npm run build:real`. */
import { writeFileSync } from 'node:fs';
import { isRecord } from '../../../model/fields.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import { type Answer, ask } from '../api/call.ts';
import { MISTAKES } from './mistakes.ts';

/** The message that a person sees. */
interface Refusal {
  readonly code: number;
  /** Nothing for a manifest that is accepted. */
  readonly message?: string;
}
export type Refusals = Readonly<Record<string, Readonly<Record<string, Refusal>>>>;

export const FILE = new URL('recorded.json', import.meta.url);

/** @returns the refusals by kind and mistake. */
async function refusals(sandbox: Sandbox): Promise<Refusals> {
  const all: Record<string, Record<string, Refusal>> = {};
  for (const scenario of MISTAKES) {
    const answers = Object.entries(await ask(sandbox, scenario));
    all[scenario.name] = Object.fromEntries(answers.map(([what, answer]) => [what, refusal(answer)]));
  }
  return all;
}

function refusal({ status, body }: Answer): Refusal {
  const message = isRecord(body) && body['kind'] === 'Status' ? body['message'] : undefined;
  return { code: status, ...(typeof message === 'string' ? { message } : {}) };
}

/** @returns how many refusals were recorded. */
export async function recordMistakes(): Promise<number> {
  const sandbox = await startSandbox({ name: 'record', images: [], controlPlane: { api: 'real', mesh: 'ours' } });
  try {
    const all = await refusals(sandbox);
    writeFileSync(FILE, `${JSON.stringify(all, undefined, 1)}\n`);
    return Object.values(all).reduce((sum, one) => sum + Object.keys(one).length, 0);
  } finally {
    await sandbox.stop();
  }
}

if (process.argv[1] === import.meta.filename) console.log(`${await recordMistakes()} refusals recorded.`);

/**
 * `node test/conformance/mesh/record-cases.ts [SUITE…]`: plays the cases on a real istiod (`npm run build:real`, or
 * LABWRIGHT_ISTIOD) and records its answers. An answer is recorded once it has come twice in a row.
 */
import { execa } from 'execa';
import { findIstiod } from '../../../sandbox/index.ts';
import { type Case, casesOf, suites } from './case.ts';
import { differencesOf } from './compare.ts';
import { MeshEnvironment } from './environment/index.ts';
import { type Answer, answersTo, putInForce } from './play.ts';
import { writeRecorded } from './recorded.ts';

const TRIES = 8;

/** @param wanted names of suites; all when empty. @returns how many answers were recorded. */
export async function recordCases(wanted: readonly string[] = []): Promise<number> {
  await using environment = await MeshEnvironment.open('real');
  const istio = await istioVersion();
  const info = (await environment.ask('caller', { url: 'http://127.0.0.1:15000/server_info' })).body ?? '';
  const envoy = /"version": "\w+\/([\d.]+)/.exec(info)?.[1] ?? 'unknown';
  let recorded = 0;
  for (const suite of wanted.length > 0 ? wanted : suites()) {
    const answers: Record<string, readonly Answer[]> = {};
    for (const one of casesOf(suite)) answers[one.title] = await steadyAnswers(environment, one);
    writeRecorded(suite, { istio, envoy, answers });
    recorded += Object.values(answers).flat().length;
  }
  return recorded;
}

async function steadyAnswers(environment: MeshEnvironment, one: Case): Promise<readonly Answer[]> {
  const remove = await putInForce(environment, one);
  try {
    let before = await answersTo(environment, one);
    for (let turn = 0; turn < TRIES; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      const now = await answersTo(environment, one);
      const changes = differencesOf(one.asks, before, now);
      if (changes.length === 0) return now;
      before = now;
      if (turn === TRIES - 1) console.error(`${one.title}: not steady\n${changes.join('\n')}`);
    }
    return before;
  } finally {
    await remove();
  }
}

async function istioVersion(): Promise<string> {
  const { stdout = '' } = await execa('go', ['version', '-m', findIstiod() ?? ''], { reject: false });
  return /\bmod\s+istio\.io\/istio\s+(\S+)/.exec(stdout)?.[1] ?? 'unknown';
}

if (process.argv[1] === import.meta.filename)
  console.log(`${await recordCases(process.argv.slice(2))} answers recorded.`);

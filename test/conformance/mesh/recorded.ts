/** What a real istiod's mesh answered, by suite, with its version. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from './play.ts';

export interface Recorded {
  readonly istio: string;
  readonly envoy: string;
  /** By title of the case. */
  readonly answers: Readonly<Record<string, readonly Answer[]>>;
}

const pathOf = (suite: string): string => join(import.meta.dirname, 'recorded', `${suite}.json`);

export function readRecorded(suite: string): Recorded | undefined {
  return existsSync(pathOf(suite)) ? (JSON.parse(readFileSync(pathOf(suite), 'utf8')) as Recorded) : undefined;
}

/** An answer is a line, so that a change of a record can be read. */
export function writeRecorded(suite: string, { answers, ...versions }: Recorded): void {
  const cases = Object.entries(answers).map(([title, all]) => {
    const lines = all.map((answer) => `      ${JSON.stringify(answer)}`).join(',\n');
    return `    ${JSON.stringify(title)}: [\n${lines}\n    ]`;
  });
  const head = Object.entries(versions).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  writeFileSync(pathOf(suite), `{\n${head.join('')}  "answers": {\n${cases.join(',\n')}\n  }\n}\n`);
}

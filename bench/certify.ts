/** The whole lab in both browsers, as a person certifies it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Measurement, timed } from './measure.ts';

const ROOT = join(import.meta.dirname, '..');
const REPORTS = join(ROOT, 'reports', 'bench');
const REPETITIONS = 3;

export const certify: Measurement = {
  name: 'certify',
  what: 'six sections in both browsers, side by side, with all reports',
  unit: 's',
  limit: 60,
  async run() {
    const figures: number[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition += 1) figures.push((await timed(certifyOnce)) / 1000);
    return figures;
  },
};

/** @throws when the lab was not certified: a failed run says nothing about speed. */
async function certifyOnce(): Promise<void> {
  const command = [join(ROOT, 'cli', 'labwright.js'), 'certify', '--reports', REPORTS];
  const { exitCode, all } = await execa(process.execPath, command, { all: true, reject: false });
  if (exitCode === 0) return;
  throw new Error(`certify ended with ${exitCode}\n${all.split('\n').slice(-20).join('\n')}\n${verdict()}`);
}

function verdict(): string {
  try {
    return readFileSync(join(REPORTS, 'verdict.json'), 'utf8');
  } catch {
    return 'there is no verdict';
  }
}

/** The whole lab in both browsers, as a person certifies it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ControlPlaneName } from '../host/process/control-plane.ts';
import { type Measurement, repeated, timed } from './measure.ts';

const ROOT = join(import.meta.dirname, '..');
const REPORTS = join(ROOT, 'reports', 'bench');
const REPETITIONS = 3;

export const certify: Measurement = {
  name: 'certify',
  compares: true,
  series: {
    run: { what: 'six sections in both browsers, side by side, with all reports', unit: 's', limit: 60, better: 1 },
  },
  run: async (on) => ({
    run: await repeated(REPETITIONS, async () => (await timed(() => certifyOnce(on))) / 1000),
  }),
};

/** @throws when the lab was not certified: a failed run says nothing about speed. */
async function certifyOnce(on: ControlPlaneName): Promise<void> {
  const command = [join(ROOT, 'cli', 'labwright.js'), 'certify', '--control-plane', on, '--reports', REPORTS];
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

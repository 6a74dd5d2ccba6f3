/**
 * `npm run soak -- --runs N --seed S`: the lab again and again, each time disturbed differently, as the seed says: late
 * starts, processor load, and an API that answers late. Any run that is not certified ends it with exit code 1.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { disturbanceOf, startPressure } from './disturbance.ts';

const ROOT = join(import.meta.dirname, '..');
const REPORTS = join(ROOT, 'reports', 'soak');

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    lab: { type: 'string', default: 'openshift-service-mesh' },
    browser: { type: 'string' },
    /** This many busy processes, instead of the number from the seed. */
    load: { type: 'string' },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) {
  console.error('--runs: a number of runs, 1 or more');
  process.exit(2);
}

mkdirSync(REPORTS, { recursive: true });
const told: object[] = [];
let failures = 0;
for (let run = 1; run <= runs; run += 1) {
  const drawn = disturbanceOf(values.seed, run, availableParallelism());
  const disturbance = values.load === undefined ? drawn : { ...drawn, busy: Number(values.load) };
  const pressure = startPressure(disturbance);
  const started = performance.now();
  try {
    await after(disturbance.startDelayMs);
    const reports = join(REPORTS, String(run));
    const command = [join(ROOT, 'cli', 'labwright.js'), 'certify', values.lab, '--reports', reports];
    if (values.browser !== undefined) command.push('--browser', values.browser);
    const { exitCode, all } = await execa(process.execPath, command, {
      all: true,
      reject: false,
      env: { LABWRIGHT_API_DELAY: String(disturbance.apiDelayMs) },
    });
    const seconds = Math.round((performance.now() - started) / 1000);
    const load = loadavg()[0] ?? 0;
    if (exitCode !== 0) failures += 1;
    told.push({ run, ...disturbance, exitCode, seconds, load, ...(exitCode === 0 ? {} : { said: all.slice(-6000) }) });
    console.log(
      `${run}  ${exitCode === 0 ? 'passed' : `FAILED (${exitCode})`}  ${seconds} s, load ${load.toFixed(1)}: ${disturbance.busy} busy processes, API ${disturbance.apiDelayMs} ms late`,
    );
    if (exitCode !== 0) console.log(all.slice(-3000));
  } finally {
    pressure.stop();
  }
  writeFileSync(
    join(REPORTS, 'soak.json'),
    `${JSON.stringify({ version: 1, seed: values.seed, runs: told }, undefined, 2)}\n`,
  );
}
console.log(`${runs - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

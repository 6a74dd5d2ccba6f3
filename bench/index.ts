/**
 * `npm run bench [-- name…]`: measures, prints a table, writes `reports/bench.json`. Where this machine has the real
 * control plane (`npm run build:real`), it is measured too. Exit code 1 if a limit is exceeded.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { findApiPrograms, findIstiod } from '../sandbox/index.ts';
import { apply } from './apply.ts';
import { certify } from './certify.ts';
import { list } from './list.ts';
import { type Measurement, summarize } from './measure.ts';
import { memory } from './memory.ts';
import { mesh } from './mesh.ts';
import { ready } from './ready.ts';
import { start } from './start.ts';
import { isKept, type Outcome, type Result, ratioOf, table } from './table.ts';
import { watch } from './watch.ts';

const ALL: readonly Measurement[] = [start, ready, apply, list, watch, memory, mesh, certify];
const REPORTS = join(import.meta.dirname, '..', 'reports');

const hasReal = Object.values(findApiPrograms()).every((path) => path !== undefined) && findIstiod() !== undefined;

async function measure(measurement: Measurement): Promise<Result[]> {
  process.stderr.write(`measures ${measurement.name} …\n`);
  const ours = await outcomes(measurement, 'ours');
  const real = measurement.compares && hasReal ? await outcomes(measurement, 'real') : undefined;
  return Object.entries(measurement.series).map(([name, series]) => ({
    measurement: measurement.name,
    name,
    series,
    ours: ours(name),
    ...(real === undefined ? {} : { real: real(name) }),
  }));
}

async function outcomes(measurement: Measurement, on: 'ours' | 'real'): Promise<(series: string) => Outcome> {
  try {
    const figures = await measurement.run(on);
    return (series) => ({ figures: figures[series] ?? [], summary: summarize(figures[series] ?? []) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return () => ({ error: message });
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !ALL.some((measurement) => measurement.name === name));
if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(', ')}; there are ${ALL.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const load = loadavg()[0] ?? 0;
const results: Result[] = [];
for (const measurement of ALL.filter(({ name }) => asked.length === 0 || asked.includes(name)))
  results.push(...(await measure(measurement)));

console.log(table(results));
for (const { measurement, ours, real } of results) {
  if ('error' in ours) console.error(`\n${measurement}: ${ours.error}`);
  if (real !== undefined && 'error' in real) console.error(`\n${measurement}, real control plane: ${real.error}`);
}
if (!hasReal) console.log('\nThe real control plane is not on this machine: npm run build:real builds it.');
const machine = { cores: availableParallelism(), model: cpus()[0]?.model.trim() ?? '?', load, node: process.version };
console.log(`\n${machine.cores} cores (${machine.model}), load ${load.toFixed(1)} at the start, Node ${machine.node}`);
mkdirSync(REPORTS, { recursive: true });
const at = new Date().toISOString();
const told = results.map((result) => ({ ...result, ratio: ratioOf(result.ours, result.real), kept: isKept(result) }));
writeFileSync(
  join(REPORTS, 'bench.json'),
  `${JSON.stringify({ version: 2, at, machine, results: told }, undefined, 2)}\n`,
);
process.exitCode = results.every((result) => isKept(result) !== false) ? 0 : 1;

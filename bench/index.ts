/** `npm run bench [-- name…]`: measures, prints a table, writes `reports/bench.json`. Exit code 1 when a limit is missed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { apply } from './apply.ts';
import { certify } from './certify.ts';
import { type Measurement, type Summary, summarize } from './measure.ts';
import { memory } from './memory.ts';
import { ready } from './ready.ts';
import { start } from './start.ts';

const ALL = [start, ready, apply, memory, certify];
const REPORTS = join(import.meta.dirname, '..', 'reports');

interface Result {
  readonly measurement: Measurement;
  readonly figures: readonly number[];
  readonly summary: Summary | undefined;
  readonly error?: string;
}

async function measure(measurement: Measurement): Promise<Result> {
  process.stderr.write(`measures ${measurement.what} …\n`);
  try {
    const figures = await measurement.run();
    return { measurement, figures, summary: summarize(figures) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { measurement, figures: [], summary: undefined, error: message };
  }
}

const isKept = ({ summary, measurement }: Result) => summary !== undefined && summary.median < measurement.limit;
const shown = (figure: number) => (figure >= 100 ? figure.toFixed(0) : figure.toFixed(1));

function row(result: Result): string[] {
  const { measurement, summary, error } = result;
  const { what, unit, limit } = measurement;
  if (summary === undefined) return [what, 'not measured', '', `< ${limit} ${unit}`, error?.split('\n')[0] ?? ''];
  const spread = `${shown(summary.lowest)}–${shown(summary.highest)} (${summary.repetitions})`;
  return [what, `${shown(summary.median)} ${unit}`, spread, `< ${limit} ${unit}`, isKept(result) ? 'kept' : 'MISSED'];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
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
  results.push(await measure(measurement));

console.log(table([['measurement', 'median', 'spread (n)', 'limit', ''], ...results.map(row)]));
for (const { measurement, error } of results) if (error !== undefined) console.error(`\n${measurement.name}: ${error}`);
console.log(
  `\n${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? '?'}), load ${load.toFixed(1)} at the start, Node ${process.version}`,
);
mkdirSync(REPORTS, { recursive: true });
const document = {
  version: 1,
  at: new Date().toISOString(),
  machine: { cores: availableParallelism(), model: cpus()[0]?.model, load, node: process.version },
  results: results.map(({ measurement: { name, what, unit, limit }, figures, summary, error }) => ({
    name,
    what,
    unit,
    limit,
    figures,
    ...summary,
    error,
  })),
};
writeFileSync(join(REPORTS, 'bench.json'), `${JSON.stringify(document, undefined, 2)}\n`);
process.exitCode = results.every(isKept) ? 0 : 1;

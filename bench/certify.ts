/** The whole lab in both browsers, as a user certifies it: wall time, processor time by part, and the floor of both. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlaneName } from '../host/process/control-plane.ts';
import { loadLab } from '../steps/load.ts';
import type { Measurement } from './measure.ts';
import { ENVOYS, PROGRAMS, ProcessorClock } from './processor.ts';

const ROOT = join(import.meta.dirname, '..');
const REPORTS = join(ROOT, 'reports', 'bench');
const LAB = join(ROOT, 'labs', 'openshift-service-mesh');
const REPETITIONS = 3;
/** Requests until a correct split is accepted, on average. */
const REQUESTS_PER_SAMPLE = 350;

interface Cost {
  readonly seconds: number;
  readonly parts: ReadonlyMap<string, number>;
  /** The most that ran at the same time. */
  readonly envoys: number;
  readonly programs: number;
}

export const certify: Measurement = {
  name: 'certify',
  compares: true,
  series: {
    run: { what: 'six sections in both browsers, side by side, with all reports', unit: 's', limit: 60, better: 1 },
    processor: { what: 'the same: processor time of all its processes', unit: 's' },
    wallRatio: {
      what: 'the same ÷ both browsers alone on as many pages, with as many idle proxies: wall time',
      unit: '×',
    },
    processorRatio: { what: 'the same ratio in processor time', unit: '×' },
  },
  run: async (on) => {
    const figures: Record<'run' | 'processor' | 'wallRatio' | 'processorRatio', number[]> = {
      run: [],
      processor: [],
      wallRatio: [],
      processorRatio: [],
    };
    for (let turn = 0; turn < REPETITIONS; turn += 1) {
      const run = await certifyOnce(on);
      const floor = await floorOnce(run);
      figures.run.push(run.seconds);
      figures.processor.push(total(run));
      figures.wallRatio.push(run.seconds / floor.seconds);
      figures.processorRatio.push(total(run) / total(floor));
      show(`certify, ${on}`, run);
      show('the floor', floor);
    }
    return figures;
  },
};

/** @throws if the lab was not certified: a failed run says nothing about speed. */
function certifyOnce(on: ControlPlaneName): Promise<Cost> {
  const command = [join(ROOT, 'cli', 'labwright.js'), 'certify', LAB, '--control-plane', on, '--reports', REPORTS];
  return costOf(
    command,
    (exit, said) => `certify ended with ${exit}\n${said.split('\n').slice(-20).join('\n')}\n${verdict()}`,
  );
}

function floorOnce({ envoys, programs }: Cost): Promise<Cost> {
  const steps = loadLab(LAB).sections.flatMap(({ exercises }) => exercises.flatMap(({ steps }) => steps));
  const count = (verb: string): number => steps.filter((step) => step.verb === verb).length;
  const command = [
    join(import.meta.dirname, 'floor.ts'),
    `${count('browse')}`,
    `${count('sample') * REQUESTS_PER_SAMPLE}`,
    `${envoys}`,
    `${programs}`,
  ];
  return costOf(command, (exit, said) => `the browsers alone ended with ${exit}\n${said}`);
}

/** @throws when the command does not end with 0. */
async function costOf(args: readonly string[], problem: (exit: number | null, said: string) => string): Promise<Cost> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const clock = new ProcessorClock(child.pid ?? 0);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += String(chunk);
    });
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const parts = clock.stop();
  if (exit !== 0) throw new Error(problem(exit, said));
  const seconds = (performance.now() - started) / 1000;
  return { seconds, parts, envoys: clock.most(ENVOYS), programs: clock.most(PROGRAMS) };
}

function total({ parts }: Cost): number {
  return [...parts.values()].reduce((sum, seconds) => sum + seconds, 0);
}

function show(title: string, cost: Cost): void {
  const lines = [...cost.parts].map(([part, seconds]) => `  ${part.padEnd(28)}${seconds.toFixed(1).padStart(7)} s`);
  process.stderr.write(
    `${title}: ${cost.seconds.toFixed(1)} s wall, ${total(cost).toFixed(1)} s of processor time\n${lines.join('\n')}\n`,
  );
}

function verdict(): string {
  try {
    return readFileSync(join(REPORTS, 'verdict.json'), 'utf8');
  } catch {
    return 'there is no verdict';
  }
}

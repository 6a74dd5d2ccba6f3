/** A growing mesh: how fast pods start, what they use when idle, and how fast a new rule takes effect. */
import { request } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { type Measurement, repeated, timed } from './measure.ts';
import { installMesh, resize, rule } from './mesh-objects.ts';
import { processesUnder } from './processes.ts';
import { type Bench, withSandbox } from './sandbox.ts';

const REPETITIONS = 10;
const IDLE_MS = 10_000;
const TIMEOUT_MS = 30_000;
const FEW = { pods: 10, services: 10 };

export const mesh: Measurement = {
  name: 'mesh',
  compares: true,
  series: {
    start: { what: '50 pods with sidecars, from none to all ready', unit: 's', limit: 30 },
    idle: {
      what: 'processor time of the whole sandbox with them, nothing happening (of one core)',
      unit: '%',
      limit: 15,
    },
    small: { what: 'a rule’s effect at the gateway after its change: 10 pods, 10 Services', unit: 'ms', better: 1 },
    pods: { what: 'the same with 50 pods, 10 Services', unit: 'ms', better: 1 },
    services: { what: 'the same with 10 pods, 200 Services', unit: 'ms', better: 1 },
  },
  run: (on) =>
    withSandbox(on, async (bench) => {
      await installMesh(bench);
      await resize(bench, { pods: 0, services: 10 });
      const start = [(await timed(() => resize(bench, { pods: 50, services: 10 }))) / 1000];
      const idle = [await idleShare(bench.sandbox.pid)];
      const pods = await effects(bench);
      await resize(bench, FEW);
      const small = await effects(bench);
      await resize(bench, { pods: 10, services: 200 });
      return { start, idle, small, pods, services: await effects(bench) };
    }),
};

/** Processor time of all processes of the sandbox, in per cent of one core. */
async function idleShare(pid: number): Promise<number> {
  const used = (): number => processesUnder(pid).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const before = used();
  await after(IDLE_MS);
  return ((used() - before) / (IDLE_MS / 1000)) * 100;
}

function effects(bench: Bench): Promise<number[]> {
  return repeated(REPETITIONS, async (turn) => {
    const status = 420 + turn;
    const changed = performance.now();
    await rule(bench, status);
    await untilAnswered(bench.sandbox.proxy, status);
    return performance.now() - changed;
  });
}

/** @throws if the gateway does not give this answer in time. */
async function untilAnswered(proxy: string, status: number): Promise<void> {
  const end = performance.now() + TIMEOUT_MS;
  for (;;) {
    const seen = await statusOf(proxy);
    if (seen === status) return;
    if (performance.now() > end) throw new Error(`the gateway answers ${seen}, not ${status}`);
    await after(2);
  }
}

/** Opens a new connection: an existing one may still follow the old rules. */
function statusOf(proxy: string): Promise<number> {
  const { hostname, port } = new URL(proxy);
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, path: 'http://growth.example/', headers: { host: 'growth.example' } },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

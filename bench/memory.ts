/** Memory of one sandbox with the whole lab on it, and of its control plane alone. */
import { REAL_PROGRAMS, withLab } from './lab.ts';
import type { Measurement } from './measure.ts';
import { type ProcessUse, processesUnder } from './processes.ts';

export const memory: Measurement = {
  name: 'memory',
  compares: true,
  series: {
    lab: { what: 'memory of one sandbox with the whole lab on it', unit: 'MiB', limit: 1536 },
    control: {
      what: 'of that, its control plane (ours: the operators and OpenShift’s APIs included)',
      unit: 'MiB',
      better: 3,
    },
  },
  run: (on) =>
    withLab(on, (pid) => {
      const all = processesUnder(pid);
      return { lab: [sum(all)], control: [sum(controlPlaneOf(all, on === 'real'))] };
    }),
};

/** The built-in control plane is the sandbox's PID 1: the child of the process that created the namespaces. */
function controlPlaneOf(all: readonly ProcessUse[], isReal: boolean): readonly ProcessUse[] {
  if (isReal) return all.filter(({ name }) => REAL_PROGRAMS.includes(name));
  const first = all.find(({ memoryMiB }) => memoryMiB > 20);
  return first === undefined ? [] : [first];
}

function sum(processes: readonly ProcessUse[]): number {
  return processes.reduce((total, { memoryMiB }) => total + memoryMiB, 0);
}

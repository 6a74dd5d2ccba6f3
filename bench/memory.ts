/** Memory of one sandbox with the whole lab on it: the proportional set size of all its processes. */
import { withLab } from './lab.ts';
import type { Measurement } from './measure.ts';
import { processesUnder } from './processes.ts';

export const memory: Measurement = {
  name: 'memory',
  what: 'memory of one sandbox with the whole lab on it',
  unit: 'MiB',
  limit: 1536,
  run: () => withLab('ours', (pid) => [processesUnder(pid).reduce((sum, { memoryMiB }) => sum + memoryMiB, 0)]),
};

/** From starting a sandbox to the first answer of its API. */
import { request } from 'node:https';
import { startSandbox } from '../sandbox/index.ts';
import type { Sandbox } from '../sandbox/types.ts';
import type { Measurement } from './measure.ts';

const REPETITIONS = 7;

export const start: Measurement = {
  name: 'start',
  what: 'sandbox: from starting it to the first answer of its API',
  unit: 'ms',
  limit: 500,
  async run() {
    const figures: number[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
      const started = performance.now();
      const sandbox = await startSandbox({ name: `bench-${process.pid}`, images: [], until: 'api' });
      try {
        await askVersion(sandbox);
        figures.push(performance.now() - started);
      } finally {
        await sandbox.stop();
      }
    }
    return figures;
  },
};

function askVersion(sandbox: Sandbox): Promise<void> {
  const headers = { authorization: `Bearer ${sandbox.token}` };
  return new Promise((resolve, reject) => {
    const asked = request(
      `${sandbox.server}/version`,
      { ca: sandbox.certificateAuthority, headers, agent: false },
      (answer) => {
        answer.resume();
        if (answer.statusCode === 200) answer.on('end', resolve);
        else reject(new Error(`/version answered ${answer.statusCode}`));
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

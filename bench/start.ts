/** From starting a sandbox to the first answer of its API. */
import { request } from 'node:https';
import type { Sandbox } from '../sandbox/types.ts';
import { type Measurement, repeated } from './measure.ts';
import { startBench } from './sandbox.ts';

const REPETITIONS = 7;

export const start: Measurement = {
  name: 'start',
  compares: true,
  series: {
    answer: { what: 'sandbox: from starting it to the first answer of its API', unit: 'ms', limit: 500, better: 6 },
  },
  run: async (on) => ({
    answer: await repeated(REPETITIONS, async () => {
      const started = performance.now();
      const sandbox = await startBench(on, 'api');
      try {
        await askVersion(sandbox);
        return performance.now() - started;
      } finally {
        await sandbox.stop();
      }
    }),
  }),
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

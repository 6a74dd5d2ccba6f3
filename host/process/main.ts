/**
 * The host process. Started by `launch.ts` with one JSON argument; reports over IPC where it listens. Ends on request, on a signal,
 * or when its parent is gone, and stops everything it started.
 */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ownFormat } from '../../model/own-format.ts';
import { hostDirectory } from './directory.ts';
import type { HostOptions } from './launch.ts';
import { serve } from './server.ts';
import { Sessions } from './sessions.ts';

const options = ownFormat<HostOptions>(JSON.parse(process.argv[2] ?? '{}'));
const directory = await hostDirectory();
const sessions = new Sessions(join(directory, 'sessions'), options);

let ending = false;
let detached = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  server.close();
  await sessions.stop();
  await rm(directory, { recursive: true, force: true });
  process.exit(0);
}

const server = await serve(join(directory, 'socket'), sessions, () => void end());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
process.on('disconnect', () => {
  if (!detached) void end();
});
// A run reports to its parent; without a parent there is no reason to continue.
sessions.onAllLost = () => {
  if (detached) void end();
};
process.on('message', (message) => {
  if (message !== 'detach') return;
  detached = true;
  // Nobody is listening any more.
  process.stderr.on('error', () => undefined);
});
process.send?.(join(directory, 'socket'));

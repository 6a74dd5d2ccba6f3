/** PID 1 inside the namespaces of a sandbox. It lives as long as the IPC channel to the host does. */
import { Server } from 'node:net';
import { ending } from './boot/end.ts';
import type { StartMessage, ToHost, ToInside } from './boot/protocol.ts';

const end = ending();
process.once('disconnect', () => end('the host closed the channel'));
// PID 1 receives only signals for which it has a handler.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => end(signal));
if (!process.connected) end('no host');

const tell = (message: ToHost): void => {
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
};
const fail = (error: unknown): void => {
  console.error(error);
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
};
/** Ends the sandbox: an essential part is gone, or an internal error left it in an unknown state. */
const lost = (error: unknown): void => {
  fail(error);
  end(`a part of the control plane is gone: ${error instanceof Error ? error.message : String(error)}`, 1);
};
process.on('uncaughtException', lost);
process.on('unhandledRejection', lost);

/** Loaded while the host creates the certificate. */
const cluster = import('./boot/components.ts');
cluster.catch(fail);

const sockets = new Map<string, Server>();
let start: StartMessage | undefined;

process.on('message', (message: ToInside, handle: unknown) => {
  if (message.type === 'start') start = message;
  else if (handle instanceof Server) sockets.set(message.role, handle);
  const api = sockets.get('api');
  const proxy = sockets.get('proxy');
  if (start === undefined || api === undefined || proxy === undefined) return;
  const { settings, ownsDirectory } = start;
  if (ownsDirectory) end.remove(settings.directory);
  const { log: wanted } = start;
  const log = (component: string, message: string): void => {
    const line = `${new Date().toISOString()} ${component}: ${message}`;
    console.log(line);
    if (wanted) tell({ type: 'log', line });
  };
  const begun = { start, api, proxy, tell, log, fail: lost };
  cluster.then(({ startCluster }) => startCluster(begun)).catch(fail);
});

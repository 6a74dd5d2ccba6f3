/** TCP ports on loopback. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** The port of a server that listens on TCP. @throws {Error} if it does not. */
export function portOf(server: { address(): unknown }): number {
  const address = server.address();
  if (typeof address === 'object' && address !== null && 'port' in address && typeof address.port === 'number')
    return address.port;
  throw new Error('the server listens on no port');
}

/** A port that nothing listens on. Another process may take it before the caller does. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

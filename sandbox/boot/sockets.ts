/** The sockets of a sandbox on loopback: opened here and handed to the process inside. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

export interface Sockets {
  readonly api: Server;
  readonly proxy: Server;
}

/** Opens both sockets. @param reuse addresses whose ports they should have; others if those are taken. */
export async function openSockets(reuse?: { readonly server: string; readonly proxy: string }): Promise<Sockets> {
  return { api: await listen(reuse?.server), proxy: await listen(reuse?.proxy) };
}

/** The sockets continue inside; if they were open here too, this process would accept some of the connections. */
export function closeSockets(sockets: Sockets): void {
  sockets.api.close();
  sockets.proxy.close();
}

async function listen(before?: string): Promise<Server> {
  const server = createServer();
  const wanted = before === undefined ? 0 : Number(new URL(before).port);
  try {
    await once(server.listen(wanted, '127.0.0.1'), 'listening');
  } catch (error) {
    if (wanted === 0) throw error;
    return listen();
  }
  return server;
}

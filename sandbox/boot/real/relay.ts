/** Forwards the connections of a listening socket, byte for byte. */
import { connect, type NetConnectOpts, type Server, type Socket } from 'node:net';

/** @param to called for every connection. */
export function relay(server: Server, to: () => NetConnectOpts): void {
  server.on('connection', (socket: Socket) => {
    const upstream = connect(to());
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.once('close', () => other.destroy());
    }
    socket.pipe(upstream).pipe(socket);
  });
}

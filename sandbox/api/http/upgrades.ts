/** Requests that ask for another protocol: the way to a pod's exec, attach and port-forward. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ServerContext } from '../server-context.ts';
import { noSuchPath, toStatusError } from '../status.ts';
import { refuseUpgrade, tunnel } from '../subresources/tunnel.ts';
import { authorizeRequest } from './handler-chain.ts';

/** Handles the `upgrade` event of a listener. */
export function upgradeListener(
  context: ServerContext,
  local: boolean,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    try {
      const { url, resource } = authorizeRequest(context, local, request);
      if (resource === undefined) throw noSuchPath();
      tunnel(context, { request, socket, head, url, path: resource });
    } catch (error) {
      refuseUpgrade(socket, toStatusError(error));
    }
  };
}

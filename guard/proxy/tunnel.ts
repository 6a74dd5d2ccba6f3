/** Upgraded connections (exec, attach, port-forward), WebSocket and SPDY alike: bytes in both directions. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Connects the client to the upstream once that has answered `101`; any other answer is passed to the client.
 * @param request sent to the upstream by the caller, with the client's own upgrade headers.
 * @param opened called when bytes may flow.
 */
export function tunnel(request: ClientRequest, client: Duplex, head: Buffer, opened: (status: number) => void): void {
  const drop = (): void => void client.destroy();
  client.on('error', () => request.destroy());
  client.on('close', () => request.destroy());
  request.on('error', () => {
    if (client.writable) client.end(`HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  request.on('response', (answer) => {
    opened(answer.statusCode ?? 502);
    const headers = { ...answer.headers, connection: 'close' };
    delete headers['transfer-encoding'];
    client.write(headOf(answer, headers));
    answer.on('error', drop);
    // Without a content length the body ends with the connection.
    answer.pipe(client);
  });
  request.on('upgrade', (answer, upstream, upstreamHead) => {
    opened(101);
    client.write(headOf(answer, answer.headers));
    if (upstreamHead.length > 0) client.write(upstreamHead);
    if (head.length > 0) upstream.write(head);
    for (const socket of [client, upstream])
      if ('setNoDelay' in socket && typeof socket.setNoDelay === 'function') socket.setNoDelay(true);
    upstream.on('error', drop);
    upstream.on('close', drop);
    client.on('close', () => upstream.destroy());
    upstream.pipe(client);
    client.pipe(upstream);
  });
  request.end();
}

function headOf(answer: IncomingMessage, headers: IncomingMessage['headers']): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((one) => `${name}: ${one}`),
  );
  return `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** Complete bodies of requests and responses. */
import type { IncomingMessage } from 'node:http';
import type { Connection } from '../../kube/connection.ts';
import type { Answer } from './status.ts';

/** The API itself takes 3 MiB. */
const LARGEST_BODY = 16 * 1024 * 1024;

export class TooLarge extends Error {}

export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Without an encoding, a stream of bytes yields buffers.
  for await (const chunk of message) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('the message has an encoding');
    size += chunk.length;
    if (size > LARGEST_BODY) throw new TooLarge(`more than ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Headers of a single connection, which must not be forwarded. */
const OWN_TO_A_CONNECTION = [
  'authorization',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
] as const;

export function passedOn(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const passed = { ...headers };
  for (const name of OWN_TO_A_CONNECTION) delete passed[name];
  return passed;
}

/** Sends a request once and waits for the complete response. @throws if there is none. */
export async function exchange(
  connection: Connection,
  method: string,
  path: string,
  headers: IncomingMessage['headers'],
  body?: Buffer,
): Promise<Answer> {
  const length = body === undefined || body.length === 0 ? {} : { 'content-length': body.length };
  const request = await connection.request(method, path, { ...passedOn(headers), ...length });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
    request.end(body);
  });
  return {
    status: answer.statusCode ?? 502,
    headers: definedOnly(passedOn(answer.headers)),
    body: await bodyOf(answer),
  };
}

function definedOnly(headers: IncomingMessage['headers']): Record<string, string | readonly string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

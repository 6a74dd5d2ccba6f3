/** One Redis command over one connection (RESP2, https://redis.io/docs/latest/develop/reference/protocol-spec/). */
import { createConnection } from 'node:net';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export type Reply = string | number | null | readonly Reply[];

const TIMEOUT_MS = 2_000;

/** @throws when the server can't be reached, does not answer in time, or answers with an error. */
export function redis(server: Endpoint, command: readonly string[]): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ ...server, timeout: TIMEOUT_MS });
    let received = Buffer.alloc(0);
    const end = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    socket.on('connect', () => socket.write(encode(command)));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const parsed = parse(received, 0);
      if (parsed === undefined) return;
      end(() => (parsed.error === undefined ? resolve(parsed.reply) : reject(new Error(parsed.error))));
    });
    socket.on('timeout', () => end(() => reject(new Error(`${server.host} did not answer`))));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${server.host} closed the connection`)));
  });
}

function encode(command: readonly string[]): string {
  return `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

interface Parsed {
  readonly reply: Reply;
  readonly error?: string;
  readonly end: number;
}

/** @returns undefined while the reply is not complete. */
function parse(bytes: Buffer, from: number): Parsed | undefined {
  const lineEnd = bytes.indexOf('\r\n', from);
  if (lineEnd < 0) return undefined;
  const line = bytes.toString('utf8', from + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(bytes[from] ?? 0)) {
    case '+':
      return { reply: line, end };
    case '-':
      return { reply: null, error: line, end };
    case ':':
      return { reply: Number(line), end };
    case '$':
      return parseBulk(bytes, Number(line), end);
    default:
      return parseArray(bytes, Number(line), end);
  }
}

function parseBulk(bytes: Buffer, length: number, from: number): Parsed | undefined {
  if (length < 0) return { reply: null, end: from };
  if (bytes.length < from + length + 2) return undefined;
  return { reply: bytes.toString('utf8', from, from + length), end: from + length + 2 };
}

function parseArray(bytes: Buffer, length: number, from: number): Parsed | undefined {
  const items: Reply[] = [];
  let end = from;
  for (let index = 0; index < length; index += 1) {
    const item = parse(bytes, end);
    if (item === undefined) return undefined;
    items.push(item.reply);
    end = item.end;
  }
  return { reply: items, end };
}

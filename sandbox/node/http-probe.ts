/** An `httpGet` probe over plain HTTP. It reads only the status, because dozens of pods are probed every few seconds. */
import { connect } from 'node:net';

export interface HttpProbe {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The local address from which the probe is sent. */
  readonly localAddress: string;
  readonly timeout: number;
}

/** The maximum length of the status line. A longer one is not HTTP. */
const LONGEST_LINE = 8_192;
/** Characters that would end a header and start another one. */
const BREAKS = /[\r\n\0]/g;

/** @returns the status code of the response. @throws when there is no response. */
export function statusOf({ host, port, path, headers, localAddress, timeout }: HttpProbe): Promise<number> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`.replaceAll(BREAKS, ' '));
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'host') ? [] : [`Host: ${host}:${port}`];
  const head = [`GET ${escaped(path)} HTTP/1.1`, ...named, ...lines, 'Accept: */*', 'Connection: close'];
  return new Promise((resolve, reject) => {
    const connection = connect({ host, port, localAddress });
    const end = (error: Error): void => {
      clearTimeout(deadline);
      connection.destroy();
      reject(error);
    };
    const deadline = setTimeout(() => end(new Error('context deadline exceeded')), timeout);
    let said = '';
    connection.setEncoding('latin1');
    connection.once('connect', () => connection.write(`${head.join('\r\n')}\r\n\r\n`));
    connection.on('data', (chunk: string) => {
      said += chunk;
      const status = /^HTTP\/1\.[01] (\d{3})[ \r]/.exec(said)?.[1];
      if (status !== undefined) {
        clearTimeout(deadline);
        connection.destroy();
        resolve(Number(status));
      } else if (said.includes('\n') || said.length > LONGEST_LINE) {
        end(new Error('malformed HTTP response'));
      }
    });
    connection.once('error', end);
    connection.once('end', () => end(new Error('EOF')));
  });
}

/** Escapes characters other than printable ASCII. Existing escapes are kept. */
function escaped(path: string): string {
  return path.toWellFormed().replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent);
}

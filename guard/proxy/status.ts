/** The guard's own answers, in the format that every Kubernetes client understands. */
import { STATUS_CODES } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** A `Status` with the reason Kubernetes gives to `code`. */
export function statusAnswer(code: number, reason: string, message: string, details?: object): Answer {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code,
  };
  return jsonAnswer(code, status);
}

export function jsonAnswer(code: number, body: object): Answer {
  return {
    status: code,
    headers: { 'content-type': 'application/json', 'x-labwright': 'guard' },
    body: Buffer.from(`${JSON.stringify(body)}\n`),
  };
}

/** The same for a connection that asked for an upgrade. */
export function rawAnswer(answer: Answer): string {
  const head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`;
  const lines = [
    ...Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`),
    `content-length: ${answer.body.length}`,
    'connection: close',
  ];
  return `${head}\r\n${lines.join('\r\n')}\r\n\r\n${answer.body.toString('utf8')}`;
}

/** A client of the host process. */

import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { ownFormat } from '../../model/own-format.ts';
import type { HostMethods, Method, Reply } from './protocol.ts';

/** An error of the host, with the host's message. It says nothing about the lab. */
export class HostError extends Error {
  readonly code: string;
  readonly next: string | undefined;
  constructor(error: { code: string; message: string; next?: string }) {
    // The message of a sandbox error is complete.
    const complete = error.message.endsWith(`(${error.code})`);
    const next = error.next === undefined ? '' : `\nNext: ${error.next}`;
    super(complete ? error.message : `${error.message}${next}  (${error.code})`);
    this.name = 'HostError';
    this.code = error.code;
    this.next = error.next;
  }
}

type Waiting = { resolve: (result: never) => void; reject: (error: Error) => void };

export class HostClient {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) =>
      this.#answer(ownFormat<Reply>(JSON.parse(line))),
    );
    socket.on('error', () => undefined);
    socket.on('close', () => this.#fail());
  }

  /** @throws {HostError} `LW-HOST-GONE` if no host listens there. */
  static connect(path: string): Promise<HostClient> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(path);
      socket.once('connect', () => resolve(new HostClient(socket)));
      socket.once('error', (error) => reject(gone(error.message)));
    });
  }

  /** @throws {HostError} */
  request<M extends Method>(method: M, params: HostMethods[M]['params']): Promise<HostMethods[M]['result']> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  /** Closes the connection; anything the host still does for this client is aborted. */
  close(): void {
    this.#socket.destroy();
  }

  #answer(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new HostError(reply.error));
    else waiting?.resolve(ownFormat(reply.result));
  }

  #fail(): void {
    for (const { reject } of this.#waiting.values()) reject(gone('the connection ended'));
    this.#waiting.clear();
  }
}

function gone(message: string): HostError {
  return new HostError({
    code: 'LW-HOST-GONE',
    message: `the run's host process does not answer (${message})`,
    next: 'start the run again',
  });
}

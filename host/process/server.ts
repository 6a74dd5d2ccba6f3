/** Serves the sessions to clients over a Unix socket. */

import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { describeInternalFault, INTERNAL_FAULT, INTERNAL_NEXT, isInternalFault } from '../../model/internal-fault.ts';
import { ownFormat } from '../../model/own-format.ts';
import type { Session } from '../session.ts';
import type { HostMethods, Method, Reply, Request, SessionName } from './protocol.ts';
import type { Sessions } from './sessions.ts';

type Handlers = {
  [M in Method]: (params: HostMethods[M]['params'], signal: AbortSignal) => Promise<HostMethods[M]['result']>;
};

/**
 * @param onStop called when a client asks the host to stop.
 * @returns the listening server.
 */
export function serve(path: string, sessions: Sessions, onStop: () => void): Promise<Server> {
  const handlers: Handlers = {
    open: (params: SessionName) => whileThere(sessions, params, () => sessions.info(params)),
    enter: (params, signal) =>
      whileThere(sessions, params, (session) =>
        session.enter(params.project, params.file, params.exercise, signal, params.shown),
      ),
    play: (params, signal) =>
      whileThere(sessions, params, (session) =>
        session.play(params.project, params.file, params.exercise, params.step, signal, params),
      ),
    clicks: (params, signal) =>
      whileThere(sessions, params, (session) =>
        session.clicks(params.project, params.file, params.exercise, params.step, signal, params.shown),
      ),
    explain: (params) => whileThere(sessions, params, (session) => session.explain(params.failure)),
    answers: (params, signal) => whileThere(sessions, params, (session) => session.answers(params.asked, signal)),
    expand: (params) => whileThere(sessions, params, (session) => session.expand(params.text)),
    lost: async (params) => (await sessions.session(params)).lost,
    sessions: () => sessions.list(),
    stop: () => {
      setImmediate(onStop);
      return Promise.resolve(true);
    },
  };
  const server = createServer((socket) => attend(socket, handlers));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

/** If the cluster ends during a request, that is answered at once, since the step might keep trying. */
async function whileThere<T>(
  sessions: Sessions,
  name: SessionName,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await sessions.session(name);
  return Promise.race([session.lost, work(session)]);
}

function attend(socket: Socket, handlers: Handlers): void {
  const hungUp = new AbortController();
  socket.on('close', () => hungUp.abort(new Error('the client hung up')));
  socket.on('error', () => undefined);
  createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    const request = ownFormat<Request>(JSON.parse(line));
    void answer(request, handlers, hungUp.signal).then((reply) => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(reply)}\n`);
    });
  });
}

async function answer(request: Request, handlers: Handlers, signal: AbortSignal): Promise<Reply> {
  try {
    // The compiler does not see that the method's parameters are in the same request.
    const handler = handlers[request.method] as (
      params: Request['params'],
      signal: AbortSignal,
    ) => Promise<HostMethods[Method]['result']>;
    return { id: request.id, result: await handler(request.params, signal) };
  } catch (error) {
    return { id: request.id, error: describeError(error) };
  }
}

function describeError(error: unknown): { code: string; message: string; next?: string } {
  if (!(error instanceof Error) || isInternalFault(error)) {
    console.error(error);
    return { code: INTERNAL_FAULT, message: describeInternalFault(error), next: INTERNAL_NEXT };
  }
  const code =
    'code' in error && typeof error.code === 'string' && error.code.startsWith('LW-') ? error.code : 'LW-HOST';
  const next = 'next' in error && typeof error.next === 'string' ? { next: error.next } : {};
  return { code, message: error.message, ...next };
}

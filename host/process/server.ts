/** Serves the stages to clients over a Unix socket. */
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Stage } from '../session.ts';
import type { ExerciseName, HostMethods, Method, Reply, Request, StageName } from './protocol.ts';
import type { Stages } from './sessions.ts';

type Handlers = {
  [M in Method]: (params: HostMethods[M]['params'], signal: AbortSignal) => Promise<HostMethods[M]['result']>;
};

/** @param onStop called when a client asks for the end. @returns the listening server. */
export function serve(path: string, stages: Stages, onStop: () => void): Promise<Server> {
  const handlers: Handlers = {
    open: (params: StageName) => whileThere(stages, params, () => stages.info(params)),
    enter: (params: ExerciseName, signal) =>
      whileThere(stages, params, (stage) => stage.enter(params.project, params.file, params.exercise, signal)),
    play: (params, signal) =>
      whileThere(stages, params, (stage) =>
        stage.play(params.project, params.file, params.exercise, params.step, signal),
      ),
    expand: (params) => whileThere(stages, params, (stage) => stage.expand(params.text)),
    lost: async (params) => (await stages.stage(params)).lost,
    stages: () => stages.list(),
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

/** A cluster that ends by itself meanwhile is the answer, at once: what is being played might go on trying. */
async function whileThere<T>(stages: Stages, name: StageName, work: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await stages.stage(name);
  return Promise.race([stage.lost, work(stage)]);
}

function attend(socket: Socket, handlers: Handlers): void {
  const hungUp = new AbortController();
  socket.on('close', () => hungUp.abort(new Error('the client hung up')));
  socket.on('error', () => undefined);
  createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    const request = JSON.parse(line) as Request;
    void answer(request, handlers, hungUp.signal).then((reply) => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(reply)}\n`);
    });
  });
}

async function answer(request: Request, handlers: Handlers, signal: AbortSignal): Promise<Reply> {
  try {
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
  if (!(error instanceof Error)) return { code: 'LW-HOST', message: String(error) };
  const code =
    'code' in error && typeof error.code === 'string' && error.code.startsWith('LW-') ? error.code : 'LW-HOST';
  const next = 'next' in error && typeof error.next === 'string' ? { next: error.next } : {};
  return { code, message: error.message, ...next };
}

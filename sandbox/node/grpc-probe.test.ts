import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';
import { Server as GrpcServer, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { freePort, portOf } from '../../model/ports.ts';
import { checkGrpc } from './grpc-probe.ts';

/** The bytes of the response for each service name, with the status in field 1. */
const ANSWERS: Readonly<Record<string, readonly number[]>> = { '': [8, 1], sick: [8, 2], unsure: [] };

const health = (name: string): ServiceDefinition => ({
  Check: {
    path: `/${name}/Check`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes) => bytes,
  },
});
const servers: GrpcServer[] = [];
let well = 0;
let other = 0;

async function serve(name: string): Promise<number> {
  const server = new GrpcServer();
  server.addService(health(name), {
    Check: ({ request }: { request: Buffer }, reply: (error: null, answer: Buffer) => void) =>
      reply(null, Buffer.from(ANSWERS[request.subarray(2).toString()] ?? [8, 3])),
  });
  servers.push(server);
  return new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    ),
  );
}

before(async () => {
  well = await serve('grpc.health.v1.Health');
  other = await serve('another.Service');
});
after(() => {
  for (const server of servers) server.forceShutdown();
});

const check = (port: number, service = '') =>
  checkGrpc({ host: '127.0.0.1', port, service, localAddress: '127.0.0.1', timeout: 1_000 });

test('a server that says SERVING passes; any other answer is reported', async () => {
  assert.deepEqual(await check(well), { ok: true, message: '' });
  assert.deepEqual(await check(well, 'sick'), {
    ok: false,
    message: 'service unhealthy (responded with "NOT_SERVING")',
  });
  assert.equal((await check(well, 'unsure')).message, 'service unhealthy (responded with "UNKNOWN")');
  assert.equal((await check(well, 'nobody')).message, 'service unhealthy (responded with "SERVICE_UNKNOWN")');
});

test('a server without the health protocol, without gRPC, without an answer, and none at all fail in the words of a kubelet', async () => {
  assert.match((await check(other)).message, /^error: this server does not implement the grpc health protocol/);
  assert.match(
    (await check(await freePort())).message,
    /^error: failed to connect service at "127\.0\.0\.1:\d+": connect ECONN/,
  );
  const web = await listening(createHttpServer((_, response) => response.end('hello')));
  assert.match((await check(portOf(web))).message, /^error: health rpc probe failed/);
  const silent = await listening(createTcpServer((socket) => void socket.on('error', () => socket.destroy())));
  assert.equal((await check(portOf(silent))).message, 'timeout: health rpc did not complete within 1s');
  for (const server of [web, silent]) server.close();
});

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return server;
}

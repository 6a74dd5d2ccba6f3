/** The sandbox's Kubernetes API server. See README.md. */

import http from 'node:http';
import https from 'node:https';
import type { Server, Socket } from 'node:net';
import { portOf } from '../../model/ports.ts';
import { Authorizer } from './access/authorizer.ts';
import { Admission } from './admission/admission.ts';
import { followQuotas } from './admission/quota.ts';
import { Authenticator } from './authn.ts';
import { watchDefinitions } from './crd/install.ts';
import { requestListener } from './http/server.ts';
import { upgradeListener } from './http/upgrades.ts';
import { answerInProcess } from './in-process.ts';
import { installBuiltins } from './registry/install.ts';
import { Registry } from './registry/registry.ts';
import { seed, seedRoles } from './seed.ts';
import type { ServerContext } from './server-context.ts';
import { Signer } from './signing/signer.ts';
import { Store } from './storage/store.ts';
import type { ApiServer, ApiServerOptions } from './types.ts';

export { StatusError } from './status.ts';
export type * from './types.ts';

/** Starts the server. It answers requests once the promise resolves. @throws when the internal port is in use. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const stopping = new AbortController();
  const context = makeContext(options, stopping.signal);
  const internal = prepare(http.createServer(requestListener(context, true)), context, true);
  await listen(internal, options.internal);
  const secure = (options.external ?? []).map((server) => serveExternal(context, options, server));
  const port = portOf(internal);
  return {
    url: `http://${options.internal.host}:${port}`,
    answer: (request) => answerInProcess(context, request),
    aggregate: (api) => context.registry.aggregate(api),
    printTable: (group, plural, printer) => context.registry.print(group, plural, printer),
    extendKind: (group, plural, rules) => context.registry.extend(group, plural, rules),
    supportFields: (tables) => context.registry.supportFields(tables),
    stop: async () => {
      stopping.abort();
      for (const listener of secure) listener.stop();
      internal.closeAllConnections();
      if (internal.listening) await new Promise((resolve) => internal.close(resolve));
    },
  };
}

function makeContext(options: ApiServerOptions, stopping: AbortSignal): ServerContext {
  const store = new Store();
  const registry = new Registry();
  installBuiltins(registry, { store, serviceCidr: options.serviceCidr });
  const authorizer = new Authorizer(store);
  const log = options.log ?? (() => {});
  const context: ServerContext = {
    store,
    registry,
    admission: new Admission({ store, registry, authorizer, log }),
    authenticator: new Authenticator(options.tokens),
    authorizer,
    signer: new Signer(),
    anonymous: options.anonymous ?? (() => Promise.resolve(false)),
    gitVersion: options.gitVersion ?? 'v1.21.1',
    stopping,
    log,
  };
  watchDefinitions(context);
  followQuotas(store);
  seed(context, options.serviceCidr, options.endpoint);
  seedRoles(context);
  return context;
}

/** Turns timeouts off, because watches and tunnels stay open. */
function prepare<T extends http.Server>(server: T, context: ServerContext, local: boolean): T {
  server.on('upgrade', upgradeListener(context, local));
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 120_000;
  return server;
}

function listen(server: http.Server, { host, port }: ApiServerOptions['internal']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** Serves TLS on a listening socket that the caller opened. */
function serveExternal(context: ServerContext, { tls }: ApiServerOptions, external: Server): { stop(): void } {
  if (tls === undefined) throw new Error('the external listener needs tls: { key, cert }');
  // Clients may log in with a certificate from the signer. Until it has an authority, only the server's own is offered.
  const options = { ...tls, ca: tls.cert, ALPNProtocols: ['http/1.1'], requestCert: true, rejectUnauthorized: false };
  const server = prepare(https.createServer(options, requestListener(context, false)), context, false);
  context.signer.onAuthority((authority) => server.setSecureContext({ ...tls, ca: authority }));
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    server.emit('connection', socket);
  };
  server.on('tlsClientError', () => {});
  external.on('connection', accept);
  return {
    stop: () => {
      external.off('connection', accept);
      external.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

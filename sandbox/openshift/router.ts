/** OpenShift's router, run by Envoy: admits Routes, and forwards requests directly to the pods, bypassing the Services. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selfSigned } from '../../certificates/self-signed.ts';
import { ApiError } from '../client/client.ts';
import { Controller } from '../client/controller.ts';
import { type Informer, keyOf } from '../client/informer.ts';
import type { Component, SandboxContext } from '../component.ts';
import { bootstrap, ENVOY_FLAGS } from '../mesh/bootstrap.ts';
import { ENDPOINTS } from '../mesh/model/kubernetes.ts';
import { startAdsServer } from '../xds/ads.ts';
import { ROUTES } from './kinds.ts';
import { admit, writeAdmission } from './router-admission.ts';
import { type RouterCertificate, type RouterInput, routerSnapshot } from './router-config.ts';

const ADMIN_PORT = 15_099;

/**
 * Resolves when the router's Envoy has started. It serves each Route once it is admitted.
 * @param onLost called when Envoy exits unexpectedly.
 */
export async function startRouter(context: SandboxContext, onLost: (error: Error) => void): Promise<Component> {
  const { client, settings } = context;
  const log = (message: string): void => context.log('router', message);
  const informers = {
    routes: context.informers.of(ROUTES),
    endpoints: context.informers.of(ENDPOINTS),
  };
  const certificate = await wildcardCertificate(settings.appsDomain);
  const socket = join(settings.directory, 'router.sock');
  const ads = await startAdsServer({
    socket,
    log,
    snapshot: () => routerSnapshot(inputOf(informers), settings.nodeAddress, certificate),
  });
  const controller = new Controller(
    async (key) => {
      const admission = admit(informers.routes.list()).find(({ route }) => keyOf(route) === key);
      if (admission === undefined) return;
      await writeAdmission(client, admission, settings.appsDomain).catch(unlessGone);
    },
    (key, error) => log(`${key}: ${String(error)}`),
  );
  informers.routes.onChange(() => {
    // A deleted Route may free its host for another Route.
    for (const route of informers.routes.list()) controller.enqueue(keyOf(route));
  });
  for (const informer of Object.values(informers)) informer.onChange(() => ads.push());
  const envoy = await startEnvoy(context, socket);
  let stopping = false;
  envoy.once('exit', (code, signal) => {
    if (!stopping) onLost(new Error(`the router's Envoy ended: ${signal ?? `exit code ${code}`}`));
  });
  return {
    name: 'router',
    stop: async () => {
      stopping = true;
      await controller.stop();
      await end(envoy);
      await ads.stop();
    },
  };
}

async function startEnvoy(context: SandboxContext, xdsSocket: string): Promise<ChildProcess> {
  const { directory, envoy } = context.settings;
  const file = join(directory, 'router.json');
  await writeFile(
    file,
    JSON.stringify(bootstrap({ id: 'router', cluster: 'router', metadata: {}, xdsSocket, adminPort: ADMIN_PORT })),
    { mode: 0o600 },
  );
  const child = spawn(envoy, ['-c', file, ...ENVOY_FLAGS], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => context.log('router', text.trim()));
  return child;
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

interface Informers {
  readonly routes: Informer<typeof ROUTES extends { type?: infer T } ? NonNullable<T> : never>;
  readonly endpoints: Informer<typeof ENDPOINTS extends { type?: infer T } ? NonNullable<T> : never>;
}

function inputOf({ routes, endpoints }: Informers): RouterInput {
  return {
    routes: admit(routes.list()).flatMap(({ route, refusal }) => (refusal === undefined ? [route] : [])),
    // A Route gives a port of the pods by number or name. Without one, it means all ports.
    addresses: (namespace, name, wanted) =>
      (endpoints.get(`${namespace}/${name}`)?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
        ports
          .filter((port) => (port.protocol ?? 'TCP') === 'TCP')
          .filter((port) => wanted === undefined || wanted === port.port || wanted === port.name)
          .flatMap(({ port }) => addresses.map(({ ip }) => ({ ip, port }))),
      ),
  };
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ApiError && error.code === 404)) throw error;
}

/** A self-signed certificate, as a new cluster's ingress has it until an administrator replaces it. */
async function wildcardCertificate(appsDomain: string): Promise<RouterCertificate> {
  const name = `*.${appsDomain}`;
  const { cert, key } = await selfSigned(name, { type: 'dns', value: name });
  return { chain: cert, key };
}

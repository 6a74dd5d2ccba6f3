/** The components of a cluster in the order of their start. */
import type { Server } from 'node:net';
import type { Component, SandboxContext, SandboxSettings } from '../component.ts';
import { setUpNetwork } from '../node/network.ts';
import { Client } from '../runtime/client.ts';
import type { StartMessage, ToHost } from './protocol.ts';
import { serveRouterProxy } from './router-proxy.ts';

export interface Beginning {
  readonly start: StartMessage;
  /** Listening sockets of the host. */
  readonly api: Server;
  readonly proxy: Server;
  tell(message: ToHost): void;
}

/** Resolves when every component runs. They end with the process: nothing in them outlives it. */
export async function startCluster(beginning: Beginning): Promise<void> {
  const { start, tell } = beginning;
  const log = (component: string, message: string): void => {
    const line = `${new Date().toISOString()} ${component}: ${message}`;
    console.log(line);
    if (start.log) tell({ type: 'log', line });
  };
  const network = setUpNetwork(start.settings);
  network.catch(() => undefined);
  const { startApiServer } = await import('../api/index.ts');
  const api = await startApiServer({
    internal: { host: '127.0.0.1', port: 0 },
    external: beginning.api,
    tls: start.tls,
    tokens: new Map([[start.token, { name: 'admin', groups: ['system:masters', 'system:authenticated'] }]]),
    serviceCidr: start.settings.serviceCidr,
    log: (line) => log('api', line),
  });
  log('boot', `API answers ${sinceStart()} ms after this process began`);
  tell({ type: 'api' });
  await network;
  const settings: SandboxSettings = { ...start.settings, apiUrl: api.url };
  const context: SandboxContext = { client: new Client(api.url), settings, log };
  serveRouterProxy(beginning.proxy, settings.nodeAddress);
  await startComponents(context, api);
  log('boot', `cluster runs ${sinceStart()} ms after this process began`);
  tell({ type: 'ready' });
}

function sinceStart(): number {
  return Math.round(performance.now());
}

type Api = Awaited<ReturnType<typeof import('../api/index.ts')['startApiServer']>>;

/** All at once: each waits for what it needs through the API, as on a real cluster. */
async function startComponents(context: SandboxContext, api: Api): Promise<Component[]> {
  return Promise.all([
    import('../controllers/index.ts').then(({ startControllers }) => startControllers(context)),
    import('../openshift/index.ts').then(({ startOpenShift }) => startOpenShift(context, api)),
    import('../mesh/index.ts').then(({ startMesh }) => startMesh(context)),
    import('../openshift/router.ts').then(({ startRouter }) => startRouter(context)),
    import('../node/index.ts').then(({ startNode }) => startNode(context, () => import('../mesh/agent.ts'))),
  ]);
}

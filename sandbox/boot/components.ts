/** The components of a cluster, in the order in which they start. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ApiServerOptions } from '../api/types.ts';
import { type Client, connect } from '../client/client.ts';
import { Informers } from '../client/informers.ts';
import type { Component, SandboxContext, SandboxSettings } from '../component.ts';
import { setUpNetwork } from '../node/network.ts';
import type { Beginning, ClusterApi } from './cluster-api.ts';
import type { StartMessage } from './protocol.ts';
import { proxyTargets } from './proxy-targets.ts';
import { ISTIOD_HTTP } from './real/istiod.ts';
import { serveRouterProxy } from './router-proxy.ts';

/** The port at which pods reach the API server, on every address of the sandbox's network: kube-apiserver's own. */
const POD_PORT = 6443;

/** Resolves when every component runs. They end with the process: nothing in them outlives it. */
export async function startCluster(beginning: Beginning): Promise<void> {
  const { start, tell, log } = beginning;
  const network = setUpNetwork(start.settings);
  network.catch(() => undefined);
  const api = await startApi(beginning, network);
  log('boot', `API answers ${sinceStart()} ms after this process began`);
  tell({ type: 'api' });
  await network;
  const settings: SandboxSettings = {
    ...start.settings,
    tls: start.tls,
    api: api.access,
    ...(start.programs.istiod === undefined ? {} : { istiod: `http://${ISTIOD_HTTP}` }),
  };
  const { client } = api;
  const informers = new Informers(client, (message) => log('informers', message));
  const context: SandboxContext = { client, informers, settings, log };
  await supportFields(api, start.programs.istiod !== undefined);
  serveRouterProxy(beginning.proxy, proxyTargets(context));
  await startComponents(context, api, beginning);
  log('boot', `cluster runs ${sinceStart()} ms after this process began`);
  tell({ type: 'ready' });
}

async function startApi(beginning: Beginning, network: Promise<void>): Promise<ClusterApi> {
  const { api } = beginning.start.programs;
  if (api === undefined) return startOwnApi(beginning);
  const { startRealApi } = await import('./real/api.ts');
  await network;
  return startRealApi(beginning, api);
}

async function startOwnApi({ start, api: external, log }: Beginning): Promise<ClusterApi> {
  const [{ startApiServer }, { loadRelease, versionsOf }] = await Promise.all([
    import('../api/index.ts'),
    import('../openshift/release.ts'),
  ]);
  const inside = createServer();
  await once(inside.listen(POD_PORT, '0.0.0.0'), 'listening');
  const api = await startApiServer({
    internal: { host: '127.0.0.1', port: 0 },
    external: [external, inside],
    endpoint: { host: start.settings.nodeAddress, port: POD_PORT },
    tls: start.tls,
    tokens: new Map([
      [start.token, { name: 'admin', groups: ['system:masters', 'system:authenticated'] }],
      [start.developerToken, { name: 'developer', groups: ['system:authenticated:oauth', 'system:authenticated'] }],
    ]),
    anonymous: loginHandler(start, () => client),
    serviceCidr: start.settings.serviceCidr,
    gitVersion: versionsOf(await loadRelease(start.settings.release)).kubernetes,
    log: (line) => log('api', line),
  });
  const access = { url: api.url };
  const client = connect(access, api);
  return {
    access,
    client,
    aggregate: async (one) => api.aggregate(one),
    printTable: (group, plural, printer) => api.printTable(group, plural, printer),
    extendKind: (group, plural, rules) => api.extendKind(group, plural, rules),
    supportFields: async (tables) => api.supportFields(tables),
    hasControllers: false,
  };
}

/** @param istiod whether a real one runs: then all fields of the mesh's kinds have an effect. */
async function supportFields(api: ClusterApi, istiod: boolean): Promise<void> {
  const [{ OPENSHIFT_FIELDS }, { MESH_FIELDS }] = await Promise.all([
    import('../openshift/field-support.ts'),
    import('../mesh/kinds/index.ts'),
  ]);
  await api.supportFields([...OPENSHIFT_FIELDS, ...(istiod ? [] : MESH_FIELDS)]);
}

/** The OAuth server is loaded at the first login. */
function loginHandler(
  { token, developerToken, passwords }: StartMessage,
  client: () => Client,
): NonNullable<ApiServerOptions['anonymous']> {
  const server = lazily(async () => {
    const [{ OAuthServer }, { registeredClients }] = await Promise.all([
      import('../openshift/oauth/server.ts'),
      import('../openshift/oauth/clients.ts'),
    ]);
    const accounts = [
      { name: 'admin', password: passwords.admin, token },
      { name: 'developer', password: passwords.developer, token: developerToken },
    ];
    return new OAuthServer(accounts, registeredClients(client()));
  });
  return async (request, response) => (await server()).handle(request, response);
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function sinceStart(): number {
  return Math.round(performance.now());
}

/** All at once: each waits for what it needs through the API, as on a real cluster. */
async function startComponents(
  context: SandboxContext,
  api: ClusterApi,
  { start, fail }: Beginning,
): Promise<Component[]> {
  const { istiod } = start.programs;
  return Promise.all([
    import('../controllers/index.ts').then(({ startControllers, startScheduling }) =>
      api.hasControllers ? startScheduling(context) : startControllers(context),
    ),
    Promise.all([import('../openshift/index.ts'), import('../node/images.ts')]).then(
      ([{ startOpenShift }, { Images }]) => {
        const images = new Images(context.settings.images, (message) => context.log('images', message));
        return startOpenShift(context, api, (reference) => images.find(reference));
      },
    ),
    istiod === undefined
      ? import('../mesh/index.ts').then(({ startMesh }) => startMesh(context))
      : import('./real/mesh.ts').then(({ startRealMesh }) => startRealMesh(context, istiod)),
    import('../openshift/router.ts').then(({ startRouter }) => startRouter(context, fail)),
    import('../node/index.ts').then(({ startNode }) => startNode(context, () => import('../mesh/agent.ts'), fail)),
  ]);
}

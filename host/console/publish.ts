/** Makes a sandbox name its web console, as a cluster does: by the Route `console`, and where `oc whoami --show-console` looks. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { KubernetesApi } from '../../kube/api.ts';
import { Connection } from '../../kube/connection.ts';
import { consoleHost, consoleSocket, type Sandbox } from '../../sandbox/index.ts';

const NAMESPACE = 'openshift-console';

/**
 * The Route's host name leads to the console through the sandbox's proxy. Idempotent at each start of a sandbox.
 * @returns a function that ends it.
 */
export async function publishConsole(sandbox: Sandbox, port: number): Promise<() => Promise<void>> {
  const stop = await relay(consoleSocket(sandbox.directory), port);
  const connection = await Connection.open(sandbox.kubeconfig);
  try {
    await nameConsole(new KubernetesApi(connection), consoleHost(sandbox.appsDomain));
  } catch (error) {
    await stop();
    throw error;
  } finally {
    connection.close();
  }
  return stop;
}

async function nameConsole(api: KubernetesApi, host: string): Promise<void> {
  const routes = await api.resolveObject('route.openshift.io/v1', 'Route');
  const configMaps = await api.resolveObject('v1', 'ConfigMap');
  if (routes === undefined || configMaps === undefined) throw new Error('the sandbox serves no Routes');
  const spec = { host, to: { kind: 'Service', name: 'console', weight: 100 }, wildcardPolicy: 'None' };
  const metadata = { name: 'console', namespace: NAMESPACE };
  const route = { apiVersion: 'route.openshift.io/v1', kind: 'Route', metadata, spec };
  if ((await api.get(routes, 'console', NAMESPACE)) === undefined) await api.create(routes, route, NAMESPACE);
  await api.patch(configMaps, 'console-public', 'openshift-config-managed', { data: { consoleURL: `http://${host}` } });
}

/** Passes connections to the socket on to the console's port. */
async function relay(path: string, port: number): Promise<() => Promise<void>> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const upstream = connect(port, '127.0.0.1');
    for (const one of [socket, upstream]) {
      open.add(one);
      one.once('close', () => open.delete(one));
    }
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  await once(server.listen(path), 'listening');
  return async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
}

/** The agent of a proxy: writes its bootstrap and serves its certificate. The node agent calls it for each pod. */

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxContext } from '../component.ts';
import { appTargets } from './app-targets.ts';
import { authorityOf } from './authority.ts';
import { bootstrap, ENVOY_FLAGS } from './bootstrap.ts';
import { serveIdentity } from './identity.ts';
import { NAMESPACES, type Pod } from './model/kubernetes.ts';
import { CLUSTER_DOMAIN, ROOT_NAMESPACE, spiffe } from './model/names.ts';
import { PEER_FIELDS, peerHeader, peerOf, peerVariable } from './model/peer.ts';

const MARK = 1337;
const ADMIN_PORT = 15_000;
const PROXY_IMAGE = /\/istio-proxyv2-[^/:]*:(1\.\d+\.\d+)$/;
/** The Istio version of Service Mesh 2.0. Also used for later Service Mesh 2 proxies, which istiod serves alike. */
const OLDEST = '1.6.14';
/** The folder with `pilot-agent`, which users run in the proxy's container. */
const PROGRAMS = join(import.meta.dirname, 'programs');

const stops = new Map<string, () => Promise<void>>();

interface ProxyCommand {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A folder of additional programs in the container. */
  readonly programs: string;
}

/** @returns the command of a pod's container that is a mesh proxy (arguments `proxy sidecar …` or `proxy router …`). */
export async function proxyCommand(pod: Pod, context: SandboxContext): Promise<ProxyCommand> {
  const { name, namespace = '', uid = '', labels = {} } = pod.metadata;
  await releaseProxy(pod);
  const account = pod.spec.serviceAccountName ?? 'default';
  const role = isGateway(pod) ? 'router' : 'sidecar';
  const directory = await privateDirectory(context, uid);
  const root = await rootOf(pod, context);
  const authority = await authorityOf(context.client, root);
  const sdsSocket = join(directory, 'sds');
  const stop = await serveIdentity(sdsSocket, authority, spiffe(namespace, account));
  stops.set(uid, async () => {
    await stop();
    await rm(directory, { recursive: true, force: true });
  });
  const file = join(directory, 'bootstrap.json');
  const config = bootstrap({
    id: `${role}~${pod.status?.podIP ?? ''}~${name}.${namespace}~${namespace}.svc.${CLUSTER_DOMAIN}`,
    cluster: `${labels['app'] ?? name}.${namespace}`,
    metadata: { ...metadataOf(pod, account), [ROOT_NAMESPACE]: root },
    xdsSocket: context.settings.xdsSocket,
    sdsSocket,
    adminPort: ADMIN_PORT,
    agent: appTargets(pod),
    mark: MARK,
  });
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return {
    command: [context.settings.envoy, '-c', file, ...ENVOY_FLAGS],
    env: { ...peerEnvironment(pod), ...versionEnvironment(pod) },
    programs: PROGRAMS,
  };
}

/** The proxy's workload, for its metrics and for other proxies. */
function peerEnvironment(pod: Pod): Readonly<Record<string, string>> {
  const peer = peerOf(pod);
  const fields = PEER_FIELDS.map((field) => [peerVariable(field), peer[field]] as const);
  return { ...Object.fromEntries(fields), [peerVariable('header')]: peerHeader(peer) };
}

/** The version for `pilot-agent version`. */
function versionEnvironment(pod: Pod): Readonly<Record<string, string>> {
  const version = istioVersionOf(pod);
  return version === undefined ? {} : { MESH_ISTIO_VERSION: version };
}

/** The tag of the proxy's image if it is a version of Istio. Service Mesh 2 has version numbers of its own. */
function istioVersionOf({ spec }: Pod): string | undefined {
  const images = [...spec.containers, ...(spec.initContainers ?? [])].map(({ image }) => image);
  return images.map((image) => PROXY_IMAGE.exec(image)?.[1]).find((version) => version !== undefined);
}

/** Forgets the identity of a deleted pod. Idempotent. */
export async function releaseProxy(pod: Pod): Promise<void> {
  const uid = pod.metadata.uid ?? '';
  const stop = stops.get(uid);
  stops.delete(uid);
  await stop?.();
}

/** The control plane's namespace: it issues the certificates, and the pod's namespace is a member of its mesh. */
async function rootOf(pod: Pod, { client }: SandboxContext): Promise<string> {
  const { namespace = '' } = pod.metadata;
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const address = containers.flatMap(({ env = [] }) => env).find(({ name }) => name === 'CA_ADDR')?.value;
  const named = /^[^.]+\.([^.]+)\.svc:/.exec(address ?? '')?.[1];
  return named ?? (await client.get(NAMESPACES, namespace)).metadata.labels?.['maistra.io/member-of'] ?? namespace;
}

function isGateway(pod: Pod): boolean {
  return pod.spec.containers.some(
    (container) =>
      'args' in container &&
      Array.isArray(container.args) &&
      container.args[0] === 'proxy' &&
      container.args[1] === 'router',
  );
}

/** Short, since a Unix socket's path is limited to 107 bytes. */
async function privateDirectory(context: SandboxContext, uid: string): Promise<string> {
  const directory = join(context.settings.directory, 'proxy', uid.slice(0, 13));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** The metadata that a real istiod reads from a proxy. */
function metadataOf(pod: Pod, account: string): Record<string, unknown> {
  const { name, namespace, labels = {} } = pod.metadata;
  return {
    NAMESPACE: namespace,
    NAME: name,
    LABELS: labels,
    CLUSTER_ID: 'Kubernetes',
    MESH_ID: CLUSTER_DOMAIN,
    SERVICE_ACCOUNT: account,
    INTERCEPTION_MODE: 'REDIRECT',
    WORKLOAD_NAME: labels['app'] ?? name,
    ISTIO_VERSION: istioVersionOf(pod) ?? OLDEST,
  };
}

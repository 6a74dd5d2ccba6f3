/**
 * A real istiod as the mesh's control plane, behind the socket that proxies know. It serves the first control plane that
 * the operator installs; its certificates are those of the sandbox's agents, so that identity does not depend on it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { resource } from '../../client/client.ts';
import type { Component, SandboxContext } from '../../component.ts';
import { authorityOf } from '../../mesh/authority.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { serveNewVersions } from './mesh-versions.ts';
import { startProcess } from './process.ts';
import { relay } from './relay.ts';

const CONTROL_PLANES = resource('maistra.io/v2', 'ServiceMeshControlPlane', 'servicemeshcontrolplanes');
const GRPC = { host: '127.0.0.1', port: 15010 };

/** Without Istio's own filters, which an unmodified Envoy does not have. */
const ENVIRONMENT = {
  REVISION: 'default',
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  PILOT_ENABLE_ALPN_FILTER: 'false',
  PILOT_ENABLE_GATEWAY_API: 'false',
};

/** Resolves at once: istiod comes with a control plane. */
export async function startRealMesh(context: SandboxContext, istiod: string): Promise<Component> {
  const { log, settings } = context;
  const server = createServer();
  // Before istiod listens the proxies are refused, and ask again.
  relay(server, () => GRPC);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(settings.xdsSocket, resolve));
  const versions = serveNewVersions(context);
  const planes = context.informers.of(CONTROL_PLANES);
  let root: string | undefined;
  planes.onChange(({ object: { metadata } }) => {
    const { namespace = '' } = metadata;
    if (root === undefined) {
      root = namespace;
      startIstiod(context, istiod, namespace).catch((error: unknown) => log('istiod', String(error)));
    } else if (root !== namespace) {
      log('istiod', `the control plane in ${namespace} has no istiod of its own: it serves ${root} alone`);
    }
  });
  return {
    name: 'istiod',
    stop: async () => {
      server.close();
      await versions.stop();
    },
  };
}

/** @param root namespace of the control plane. @throws when istiod ends. */
async function startIstiod(context: SandboxContext, program: string, root: string): Promise<void> {
  const { client, settings } = context;
  const directory = join(settings.directory, 'istiod');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // Its own would be another one than the agents' certificates are of.
  await authorityOf(client, root);
  const { url, token = '', certificateAuthority = '' } = settings.api;
  const kubeconfig = join(directory, 'kubeconfig');
  await writeKubeconfig(kubeconfig, 'istiod', { server: url, token, certificateAuthority });
  const mesh = join(directory, 'mesh.yaml');
  await writeFile(mesh, JSON.stringify(meshConfig(root)));
  const flags = [
    `--kubeconfig=${kubeconfig}`,
    `--meshConfig=${mesh}`,
    `--grpcAddr=${GRPC.host}:${GRPC.port}`,
    '--secureGRPCAddr=',
    '--httpsAddr=',
    '--httpAddr=127.0.0.1:15080',
    '--monitoringAddr=127.0.0.1:15014',
    '--clusterID=Kubernetes',
    '--registries=Kubernetes',
    '--domain=cluster.local',
  ];
  const environment = { ...ENVIRONMENT, POD_NAMESPACE: root };
  await startProcess(program, ['discovery', ...flags], directory, environment).ended;
}

/** JSON is YAML. Members only, as OpenShift Service Mesh limits its istiod. */
function meshConfig(root: string): object {
  return {
    rootNamespace: root,
    trustDomain: 'cluster.local',
    accessLogFile: '/dev/stdout',
    defaultProviders: { metrics: [], accessLogging: [] },
    discoverySelectors: [
      { matchLabels: { 'maistra.io/member-of': root } },
      { matchLabels: { 'kubernetes.io/metadata.name': root } },
    ],
  };
}

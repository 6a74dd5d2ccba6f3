/**
 * A real istiod as the mesh's control plane, behind the same socket. It serves the first control plane that an operator installs,
 * of Service Mesh 2 or 3; certificates come from the sandbox's agents, so that identity does not depend on it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type KubeObject, resource } from '../../client/client.ts';
import type { LabelSelector } from '../../client/kinds.ts';
import type { Component, SandboxContext } from '../../component.ts';
import { authorityOf } from '../../mesh/authority.ts';
import { CONFIG_MAPS, meshConfig } from '../../mesh/model/mesh-config.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { ISTIOD_HTTP } from './istiod.ts';
import { serveNewVersions } from './mesh-versions.ts';
import { startProcess } from './process.ts';
import { relay } from './relay.ts';

/** An istiod of Service Mesh 3. */
interface Revision extends KubeObject {
  readonly spec: { readonly namespace: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const CONTROL_PLANES = resource('maistra.io/v2', 'ServiceMeshControlPlane', 'servicemeshcontrolplanes');
const REVISIONS = resource<Revision>('sailoperator.io/v1', 'IstioRevision', 'istiorevisions', 'cluster');
const GRPC = { host: '127.0.0.1', port: 15010 };

/** Without Istio's own filters, which an unmodified Envoy does not have. */
const ENVIRONMENT = {
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  PILOT_ENABLE_ALPN_FILTER: 'false',
  // The webhooks are the operator's, with a certificate of the sandbox: istiod would write its own authority into them. What
  // they validate is passed on to istiod.
  VALIDATION_WEBHOOK_CONFIG_NAME: '',
  INJECTION_WEBHOOK_CONFIG_NAME: '',
  // The sandbox's operator creates classes and proxies of Gateways.
  PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER: 'false',
  PILOT_ENABLE_GATEWAY_API_GATEWAYCLASS_CONTROLLER: 'false',
};

/** One control plane, as its operator describes it. */
interface Plane {
  readonly root: string;
  readonly revision: string;
  readonly generation: 2 | 3;
}

/** Resolves at once: istiod starts with a control plane. */
export async function startRealMesh(context: SandboxContext, istiod: string): Promise<Component> {
  const { log, settings } = context;
  const server = createServer();
  // Until istiod listens, proxies are refused and try again.
  relay(server, () => GRPC);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(settings.xdsSocket, resolve));
  const versions = serveNewVersions(context);
  let served: Plane | undefined;
  const serve = (plane: Plane): void => {
    if (served === undefined) {
      served = plane;
      startIstiod(context, istiod, plane).catch((error: unknown) => log('istiod', String(error)));
    } else if (served.root !== plane.root) {
      log('istiod', `the control plane in ${plane.root} has no istiod of its own: it serves ${served.root} alone`);
    }
  };
  context.informers
    .of(CONTROL_PLANES)
    .onChange(({ object }) => serve({ root: object.metadata.namespace ?? '', revision: 'default', generation: 2 }));
  context.informers.of(REVISIONS).onChange(({ object: { metadata, spec, status } }) => {
    // Its settings exist as soon as its charts have been applied.
    const isApplied = status?.conditions?.some((one) => one.type === 'Reconciled' && one.status === 'True') === true;
    if (isApplied) serve({ root: spec.namespace, revision: metadata.name, generation: 3 });
  });
  return {
    name: 'istiod',
    stop: async () => {
      server.close();
      await versions.stop();
    },
  };
}

/** @throws when istiod exits. */
async function startIstiod(context: SandboxContext, program: string, plane: Plane): Promise<void> {
  const { root, revision, generation } = plane;
  const { client, settings } = context;
  const directory = join(settings.directory, 'istiod');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // istiod's own CA would differ from the one of the agents' certificates.
  await authorityOf(client, root);
  const { url, token = '', certificateAuthority = '' } = settings.api;
  const kubeconfig = join(directory, 'kubeconfig');
  await writeKubeconfig(kubeconfig, 'istiod', { server: url, token, certificateAuthority });
  const mesh = join(directory, 'mesh.yaml');
  await writeFile(mesh, JSON.stringify(await settingsOf(context, plane)));
  const flags = [
    `--kubeconfig=${kubeconfig}`,
    `--meshConfig=${mesh}`,
    `--grpcAddr=${GRPC.host}:${GRPC.port}`,
    '--secureGRPCAddr=',
    '--httpsAddr=',
    `--httpAddr=${ISTIOD_HTTP}`,
    '--monitoringAddr=127.0.0.1:15014',
    '--clusterID=Kubernetes',
    '--registries=Kubernetes',
    '--domain=cluster.local',
  ];
  const gatewayApi = String(generation === 3);
  const environment = {
    ...ENVIRONMENT,
    REVISION: revision,
    PILOT_ENABLE_GATEWAY_API: gatewayApi,
    POD_NAME: 'istiod',
    POD_NAMESPACE: root,
  };
  await startProcess(program, ['discovery', ...flags], directory, environment).ended;
}

/** JSON is YAML. */
async function settingsOf(context: SandboxContext, plane: Plane): Promise<object> {
  const { root } = plane;
  const { items } = await context.client.list(CONFIG_MAPS, { namespace: root });
  const { outbound, autoMtls, discoverySelectors } = meshConfig(items, undefined, context.settings.release);
  return {
    rootNamespace: root,
    trustDomain: 'cluster.local',
    accessLogFile: '/dev/stdout',
    enableAutoMtls: autoMtls,
    outboundTrafficPolicy: { mode: outbound },
    defaultProviders: { metrics: [], accessLogging: [] },
    discoverySelectors: selectorsOf(plane, discoverySelectors),
  };
}

/** Service Mesh 2 limits its istiod to members; Service Mesh 3 watches all namespaces unless the settings limit it. */
function selectorsOf({ root, generation }: Plane, written: readonly LabelSelector[]): readonly LabelSelector[] {
  if (generation === 3) return written;
  return [{ matchLabels: { 'maistra.io/member-of': root } }, { matchLabels: { 'kubernetes.io/metadata.name': root } }];
}

/** The mesh control plane: watches the cluster and serves each proxy its configuration. */

import type { KubeObject } from '../client/client.ts';
import { Controller } from '../client/controller.ts';
import type { Component, SandboxContext } from '../component.ts';
import { startAdsServer } from '../xds/ads.ts';
import { authorityOf } from './authority.ts';
import { GatewayApiStatus } from './gateway-api/status.ts';
import { Meshes } from './meshes.ts';
import type { Namespace } from './model/kubernetes.ts';
import { isIstiod, isMeshConfig } from './model/mesh-config.ts';
import { Rejections } from './rejections.ts';
import { shareRootCertificate } from './root-certificate.ts';
import { StatusReporters } from './status.ts';
import { isCredential } from './translate/credentials.ts';
import { WatchedObjects } from './watched-objects.ts';

const MEMBER_OF = 'maistra.io/member-of';

/** Resolves when proxies are served. Kinds whose CRDs are installed later are followed once they are served. */
export async function startMesh(context: SandboxContext): Promise<Component> {
  const { informers, settings } = context;
  const log = (message: string): void => context.log('mesh', message);
  const objects = new WatchedObjects(informers);
  const rejections = new Rejections(log);
  const meshes = new Meshes(objects, rejections, settings.release);
  const status = new StatusReporters(context, {
    rejection: (rule) => rejections.reason(rule),
    proxies: (rule) => meshes.proxiesOf(rule),
  });
  const gatewayApi = new GatewayApiStatus(context, {
    converted: (namespace) => meshes.gatewayApi(namespace),
    rejection: (route) => rejections.reason(route),
  });
  const ads = await startAdsServer({
    socket: settings.xdsSocket,
    log,
    snapshot: (node) => meshes.snapshot(node),
    onGone: ({ id }) => {
      rejections.forget(id);
      tellSettled();
    },
    onReply: (state) => {
      const next = rejections.answered(state.node.id, state.refusal);
      if (next === 'push') meshes.changed();
      if (next !== 'nothing') ads.push();
      if (next === 'push') {
        status.lookAgain();
        gatewayApi.lookAgain();
      }
      tellSettled();
    },
  });
  /** Updates the status of rules that all proxies have now accepted. The last proxy may have answered or disconnected. */
  function tellSettled(): void {
    for (const rule of meshes.settled(ads.states())) status.look(rule);
  }
  const members = shareAuthorities(context, objects, log);
  await objects.start({
    onChange: (object) => {
      if (!concernsProxies(object)) return;
      meshes.changed();
      ads.push();
      gatewayApi.lookAgain();
    },
    onKind: (informer) => status.follow(informer),
  });
  return {
    name: 'mesh',
    stop: async () => {
      await status.stop();
      await gatewayApi.stop();
      await members.stop();
      await ads.stop();
    },
  };
}

/** Most Secrets are tokens: they change with every pod, and no proxy uses them. */
function concernsProxies(object: KubeObject): boolean {
  if (object.kind === 'Secret') return isCredential(object);
  if (object.kind === 'ConfigMap') return isMeshConfig(object);
  return object.kind !== 'Deployment' || isIstiod(object);
}

/** Gives each namespace that joins a mesh the certificate of the mesh's authority. */
function shareAuthorities(context: SandboxContext, objects: WatchedObjects, log: (line: string) => void): Controller {
  const members = new Controller(
    async (name) => shareWith(objects.namespaces.get(name), context),
    (name, error) => log(`namespace ${name}: ${String(error)}`),
  );
  objects.namespaces.onChange(({ object }) => members.enqueue(object.metadata.name));
  return members;
}

/** Members mount the authority's certificate, so it must exist before their pods. */
async function shareWith(namespace: Namespace | undefined, context: SandboxContext): Promise<void> {
  const root = namespace?.metadata.labels?.[MEMBER_OF];
  if (namespace === undefined || root === undefined || namespace.metadata.deletionTimestamp !== undefined) return;
  const authority = await authorityOf(context.client, root);
  await shareRootCertificate(context.client, namespace.metadata.name, authority.certificate);
}

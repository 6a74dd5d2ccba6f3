/** The mesh control plane: watches the cluster, serves every proxy its configuration. */

import { Controller } from '../client/controller.ts';
import type { Component, SandboxContext } from '../component.ts';
import { startAdsServer } from '../xds/ads.ts';
import { authorityOf } from './authority.ts';
import { Meshes } from './meshes.ts';
import type { Namespace } from './model/kubernetes.ts';
import { isMeshConfig } from './model/mesh-config.ts';
import { shareRootCertificate } from './root-certificate.ts';
import { statusReporter } from './status.ts';
import { isCredential } from './translate/credentials.ts';
import { WatchedObjects } from './watched-objects.ts';

const MEMBER_OF = 'maistra.io/member-of';

/** Resolves when proxies are served. Kinds whose CRDs come later are followed as soon as they are there. */
export async function startMesh(context: SandboxContext): Promise<Component> {
  const { informers, settings } = context;
  const log = (message: string): void => context.log('mesh', message);
  const objects = new WatchedObjects(informers);
  const meshes = new Meshes(objects, settings.release);
  const ads = await startAdsServer({ socket: settings.xdsSocket, log, snapshot: (node) => meshes.snapshot(node) });
  const members = new Controller(
    async (name) => shareWith(objects.namespaces.get(name), context),
    (name, error) => log(`namespace ${name}: ${String(error)}`),
  );
  objects.namespaces.onChange(({ object }) => members.enqueue(object.metadata.name));
  const reporters: Controller[] = [];
  await objects.start({
    onChange: (object) => {
      // Most Secrets are tokens: they change with every pod, and no proxy asks for them.
      if (object.kind === 'Secret' && !isCredential(object)) return;
      if (object.kind === 'ConfigMap' && !isMeshConfig(object)) return;
      meshes.changed();
      ads.push();
    },
    onKind: (informer) => reporters.push(statusReporter(context, informer)),
  });
  return {
    name: 'mesh',
    stop: async () => {
      await Promise.all(reporters.map((reporter) => reporter.stop()));
      await members.stop();
      await ads.stop();
    },
  };
}

/** Members mount the authority's certificate, so it must be there before their pods. */
async function shareWith(namespace: Namespace | undefined, context: SandboxContext): Promise<void> {
  const root = namespace?.metadata.labels?.[MEMBER_OF];
  if (namespace === undefined || root === undefined || namespace.metadata.deletionTimestamp !== undefined) return;
  const authority = await authorityOf(context.client, root);
  await shareRootCertificate(context.client, namespace.metadata.name, authority.certificate);
}

/** The mesh control plane: watches the cluster, serves every proxy its configuration. */

import { Controller } from '../client/controller.ts';
import type { Component, SandboxContext } from '../component.ts';
import { type ProxyNode, type Snapshot, startAdsServer } from '../xds/ads.ts';
import { authorityOf } from './authority.ts';
import { refusal } from './kinds/index.ts';
import type { Namespace } from './model/kubernetes.ts';
import { proxyContext } from './model/proxy-context.ts';
import { PushContext } from './model/push-context.ts';
import { shareRootCertificate } from './root-certificate.ts';
import { statusReporter } from './status.ts';
import { isCredential } from './translate/credentials.ts';
import { snapshotFor } from './translate/snapshot.ts';
import { WatchedObjects } from './watched-objects.ts';

const MEMBER_OF = 'maistra.io/member-of';

/** Resolves when proxies are served. Kinds whose CRDs come later are followed as soon as they are there. */
export async function startMesh(context: SandboxContext): Promise<Component> {
  const { informers, settings } = context;
  const log = (message: string): void => context.log('mesh', message);
  const objects = new WatchedObjects(informers);
  const meshes = new Meshes(objects);
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

/** The meshes of the cluster, one for each control plane's namespace. Between two changes each is looked at once. */
class Meshes {
  readonly #objects: WatchedObjects;
  readonly #pushes = new Map<string, PushContext>();

  constructor(objects: WatchedObjects) {
    this.#objects = objects;
  }

  changed(): void {
    this.#pushes.clear();
  }

  /** @returns undefined while nothing is known of the proxy's pod. */
  snapshot({ id }: ProxyNode): Snapshot | undefined {
    const push = this.#pushFor(this.#rootOf(namespaceOf(id)));
    const proxy = proxyContext(push, id);
    return proxy === undefined ? undefined : snapshotFor(push, proxy);
  }

  /** What a namespace is a member of, or itself where it holds a control plane. */
  #rootOf(namespace: string): string {
    return this.#objects.namespaces.get(namespace)?.metadata.labels?.[MEMBER_OF] ?? namespace;
  }

  #pushFor(root: string): PushContext {
    const known =
      this.#pushes.get(root) ??
      new PushContext({
        root,
        includes: (namespace) => namespace === root || this.#rootOf(namespace) === root,
        accepts: (rule) => refusal(rule) === undefined,
        list: (of) => this.#objects.list(of),
      });
    this.#pushes.set(root, known);
    return known;
  }
}

function namespaceOf(id: string): string {
  const [, , name = ''] = id.split('~');
  return name.slice(name.indexOf('.') + 1);
}

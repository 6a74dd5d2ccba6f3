/** The meshes of the cluster, one for each control plane. Between two changes each is looked at once. */
import { matches } from '../client/selectors.ts';
import type { ProxyNode, Snapshot } from '../xds/ads.ts';
import { refusal } from './kinds/index.ts';
import { CONFIG_MAPS, type ConfigMap, isMeshConfig, type MeshConfig, meshConfig } from './model/mesh-config.ts';
import { proxyContext } from './model/proxy-context.ts';
import { PushContext } from './model/push-context.ts';
import { snapshotFor } from './translate/snapshot.ts';
import type { WatchedObjects } from './watched-objects.ts';

const MEMBER_OF = 'maistra.io/member-of';
const REVISION = 'istio.io/rev';

export class Meshes {
  readonly #objects: WatchedObjects;
  readonly #release: string;
  readonly #pushes = new Map<string, PushContext>();

  /** @param release of Service Mesh, where a control plane does not say its own. */
  constructor(objects: WatchedObjects, release: string) {
    this.#objects = objects;
    this.#release = release;
  }

  changed(): void {
    this.#pushes.clear();
  }

  /** @returns undefined while nothing is known of the proxy's pod. */
  snapshot({ id }: ProxyNode): Snapshot | undefined {
    const push = this.pushFor(this.#rootOf(namespaceOf(id)));
    const proxy = proxyContext(push, id);
    return proxy === undefined ? undefined : snapshotFor(push, proxy);
  }

  pushFor(root: string): PushContext {
    const known = this.#pushes.get(root) ?? this.#look(root);
    this.#pushes.set(root, known);
    return known;
  }

  #look(root: string): PushContext {
    const maps = this.#objects.list(CONFIG_MAPS).filter(({ metadata }) => metadata.namespace === root);
    const settings = meshConfig(maps, this.#release);
    return new PushContext({
      root,
      settings,
      includes: (namespace) =>
        namespace === root || (this.#rootOf(namespace) === root && this.#selects(settings, namespace)),
      accepts: (rule) => refusal(rule) === undefined,
      list: (of) => this.#objects.list(of),
    });
  }

  /** The control plane's namespace: a member roll's label names it; without one, a revision's label or the only one there is. */
  #rootOf(namespace: string): string {
    const labels = this.#objects.namespaces.get(namespace)?.metadata.labels ?? {};
    const revision = labels[REVISION];
    const planes = this.#clusterWide();
    const named = planes.find(
      ({ metadata }) => metadata.name === (revision === undefined ? 'istio' : `istio-${revision}`),
    );
    const plane = planes.find(({ metadata }) => metadata.namespace === namespace) ?? named ?? planes[0];
    return labels[MEMBER_OF] ?? plane?.metadata.namespace ?? namespace;
  }

  /** Settings of control planes that have no member roll (Service Mesh 3). */
  #clusterWide(): readonly ConfigMap[] {
    const maps = this.#objects.list(CONFIG_MAPS).filter(isMeshConfig);
    return maps.filter(({ metadata }) => metadata.labels?.['maistra-version'] === undefined);
  }

  #selects({ discoverySelectors }: MeshConfig, namespace: string): boolean {
    const labels = this.#objects.namespaces.get(namespace)?.metadata.labels;
    return discoverySelectors.length === 0 || discoverySelectors.some((selector) => matches(selector, labels));
  }
}

function namespaceOf(id: string): string {
  const [, , name = ''] = id.split('~');
  return name.slice(name.indexOf('.') + 1);
}

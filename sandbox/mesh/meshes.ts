/** The meshes of the cluster, one per control plane. Each is computed once per change. */
import type { KubeObject } from '../client/client.ts';
import { DEPLOYMENTS } from '../client/kinds.ts';
import { matches } from '../labels/selector.ts';
import type { ProxyNode, ProxyState, Snapshot } from '../xds/snapshot.ts';
import type { Converted } from './gateway-api/convert.ts';
import { GatewayApi } from './gateway-api/index.ts';
import { MESH_KINDS, refusal } from './kinds/index.ts';
import {
  CONFIG_MAPS,
  type ConfigMap,
  isIstiod,
  isMeshConfig,
  type MeshConfig,
  meshConfig,
} from './model/mesh-config.ts';
import { ROOT_NAMESPACE } from './model/names.ts';
import { proxyContext } from './model/proxy-context.ts';
import { PushContext } from './model/push-context.ts';
import type { Rejections } from './rejections.ts';
import { ruleKey } from './rule-key.ts';
import { snapshotFor } from './translate/snapshot.ts';
import type { WatchedObjects } from './watched-objects.ts';

const MEMBER_OF = 'maistra.io/member-of';
const REVISION = 'istio.io/rev';

/** What all proxies of a mesh have accepted. */
interface Distributed {
  readonly push: PushContext;
  readonly rules: ReadonlySet<string>;
  readonly proxies: number;
}

export class Meshes {
  readonly #objects: WatchedObjects;
  readonly #release: string;
  readonly #rejections: Rejections;
  readonly #gatewayApi: GatewayApi;
  /** By root namespace, for statuses. */
  readonly #converted = new Map<string, Converted>();
  readonly #pushes = new Map<string, PushContext>();
  /** By root namespace: what all of its proxies have accepted. */
  readonly #distributed = new Map<string, Distributed>();
  #revision = 0;

  /** @param release of Service Mesh, if a control plane does not state its own. */
  constructor(objects: WatchedObjects, rejections: Rejections, release: string) {
    this.#objects = objects;
    this.#rejections = rejections;
    this.#release = release;
    this.#gatewayApi = new GatewayApi(objects);
  }

  changed(): void {
    this.#pushes.clear();
    this.#converted.clear();
  }

  /** @returns undefined while the proxy's pod is unknown. */
  snapshot(node: ProxyNode): Snapshot | undefined {
    const { id } = node;
    const root = this.#rootOfProxy(node);
    const trial = this.#rejections.trial(id);
    const push = trial === undefined ? this.#pushFor(root) : this.#look(root, trial);
    const proxy = proxyContext(push, id);
    if (proxy === undefined) return undefined;
    this.#rejections.sent(id, () => rulesOf(push));
    return { ...snapshotFor(push, proxy), revision: push.revision };
  }

  /**
   * Called when a proxy has answered or disconnected.
   * @param proxies all connected proxies.
   * @returns the rules that all proxies of their mesh have accepted since the last call.
   */
  settled(proxies: readonly ProxyState[]): readonly KubeObject[] {
    return [...this.#pushes].flatMap(([root, push]) => {
      const own = proxies.filter(({ node }) => this.#rootOfProxy(node) === root);
      const before = this.#distributed.get(root);
      if (own.length === 0 || before?.push === push) return [];
      if (own.some(({ acknowledged }) => acknowledged < push.revision)) return [];
      const rules = rulesOf(push);
      this.#distributed.set(root, { push, rules: new Set(rules.map(ruleKey)), proxies: own.length });
      return rules.filter((rule) => before?.rules.has(ruleKey(rule)) !== true);
    });
  }

  /** @returns the number of proxies with the current version of the rule, `undefined` until all of its mesh have it. */
  proxiesOf(rule: KubeObject): number | undefined {
    const key = ruleKey(rule);
    for (const { rules, proxies } of this.#distributed.values()) if (rules.has(key)) return proxies;
    return undefined;
  }

  #pushFor(root: string): PushContext {
    const known = this.#pushes.get(root);
    if (known !== undefined) return known;
    this.#rejections.reconsider(() => this.#objects.rules());
    const push = this.#look(root, () => true);
    this.#pushes.set(root, push);
    return push;
  }

  #look(root: string, trial: (rule: KubeObject) => boolean): PushContext {
    const maps = this.#objects.list(CONFIG_MAPS).filter(({ metadata }) => metadata.namespace === root);
    const istiod = this.#objects
      .list(DEPLOYMENTS)
      .find((deployment) => deployment.metadata.namespace === root && isIstiod(deployment));
    const settings = meshConfig(maps, istiod, this.#release);
    this.#revision += 1;
    const accepts = (rule: KubeObject): boolean =>
      !this.#rejections.isRejected(rule) && trial(rule) && refusal(rule) === undefined;
    const includes = this.#membersOf(root, settings);
    return new PushContext({
      root,
      revision: this.#revision,
      settings,
      includes,
      accepts,
      gatewayApi: this.#gatewayApi.rules({ includes, accepts }),
      list: (of) => this.#objects.list(of),
    });
  }

  /** @returns what the Gateway API's objects in the mesh of a namespace were converted to, for their statuses. */
  gatewayApi(namespace: string): Converted {
    const root = this.#rootOf(namespace);
    const { settings } = this.#pushFor(root);
    const scope = { includes: this.#membersOf(root, settings), accepts: () => true };
    const known = this.#converted.get(root) ?? this.#gatewayApi.convert(scope);
    this.#converted.set(root, known);
    return known;
  }

  #membersOf(root: string, settings: MeshConfig): (namespace: string) => boolean {
    return (namespace) => namespace === root || (this.#takesIn(root, namespace) && this.#selects(settings, namespace));
  }

  /** The control plane's namespace: from a member roll's label; otherwise from a revision's label, or the only one. */
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

  /** A proxy's own metadata has precedence over its namespace's. */
  #rootOfProxy({ id, metadata }: ProxyNode): string {
    const named = metadata[ROOT_NAMESPACE];
    return typeof named === 'string' ? named : this.#rootOf(namespaceOf(id));
  }

  /** A mesh with a member roll consists of its members. One without has every namespace that is in no other mesh's roll. */
  #takesIn(root: string, namespace: string): boolean {
    const member = this.#objects.namespaces.get(namespace)?.metadata.labels?.[MEMBER_OF];
    return member === undefined
      ? this.#clusterWide().some(({ metadata }) => metadata.namespace === root)
      : member === root;
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

function rulesOf(push: PushContext): readonly KubeObject[] {
  return push.sources(MESH_KINDS.map(({ resource }) => resource));
}

function namespaceOf(id: string): string {
  const [, , name = ''] = id.split('~');
  return name.slice(name.indexOf('.') + 1);
}

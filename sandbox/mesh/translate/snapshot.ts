/** All that one proxy is to have. */
import type { ProxyNode, Snapshot } from '../../xds/ads.ts';
import { podOf, type World } from '../model/push-context.ts';
import type { Pod } from '../model/virtual-service.ts';
import { blackHoleCluster, outboundClusters, passthroughCluster } from './clusters.ts';
import { credentialsFor } from './credentials.ts';
import { gatewayListeners } from './gateway.ts';
import { inboundListener } from './inbound.ts';
import { outboundListeners } from './outbound.ts';

/** @param node its id is `sidecar~IP~POD.NAMESPACE~DOMAIN` or `router~…`. @returns undefined until the pod has been seen. */
export function snapshotFor(world: World, node: ProxyNode): Snapshot | undefined {
  const [role, , name = ''] = node.id.split('~');
  const dot = name.indexOf('.');
  const namespace = name.slice(dot + 1);
  const pod = podOf(world, `${namespace}/${name.slice(0, dot)}`);
  if (pod === undefined) return undefined;
  const shared = sharedOf(world);
  const outbound = once(shared.clusters, namespace, () => outboundClusters(world, namespace));
  const secrets = once(shared.secrets, namespace, () => credentialsFor(world, namespace));
  if (role === 'router') {
    const { listeners, routes } = gatewayListeners(world, pod);
    return {
      clusters: [...outbound.clusters, shared.blackHole],
      endpoints: outbound.endpoints,
      listeners,
      routes,
      secrets,
    };
  }
  const inbound = inboundListener(world, pod);
  const { listeners, routes } = once(shared.listeners, callerOf(pod), () => outboundListeners(world, pod));
  return {
    clusters: [...outbound.clusters, ...inbound.clusters, shared.passthrough, shared.blackHole],
    endpoints: outbound.endpoints,
    listeners: [...listeners, inbound.listener],
    routes,
    secrets,
  };
}

/** What several proxies of a mesh have in common: made once per world. */
interface Shared {
  /** By the client's namespace. */
  readonly clusters: Map<string, ReturnType<typeof outboundClusters>>;
  /** By what rules can tell of a caller. */
  readonly listeners: Map<string, ReturnType<typeof outboundListeners>>;
  /** By the proxy's namespace. */
  readonly secrets: Map<string, ReturnType<typeof credentialsFor>>;
  readonly passthrough: ReturnType<typeof passthroughCluster>;
  readonly blackHole: ReturnType<typeof blackHoleCluster>;
}

const worlds = new WeakMap<World, Shared>();

function sharedOf(world: World): Shared {
  return once(worlds, world, () => ({
    clusters: new Map(),
    listeners: new Map(),
    secrets: new Map(),
    passthrough: passthroughCluster('PassthroughCluster'),
    blackHole: blackHoleCluster(),
  }));
}

/** Rules know a caller by namespace and labels. */
function callerOf({ metadata }: Pod): string {
  return JSON.stringify([metadata.namespace, Object.entries(metadata.labels ?? {}).sort()]);
}

interface Cache<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function once<K, V>(cache: Cache<K, V>, key: K, make: () => V): V {
  const known = cache.get(key) ?? make();
  cache.set(key, known);
  return known;
}

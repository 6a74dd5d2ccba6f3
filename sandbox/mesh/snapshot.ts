/** All that one proxy is to have. */
import type { ProxyNode, Snapshot } from '../xds/ads.ts';
import { blackHoleCluster, outboundClusters, passthroughCluster } from './clusters.ts';
import { gatewayListeners } from './gateway.ts';
import { inboundListener } from './inbound.ts';
import { outboundListeners } from './outbound.ts';
import type { World } from './world.ts';

/** @param node its id is `sidecar~IP~POD.NAMESPACE~DOMAIN` or `router~…`. @returns undefined until the pod has been seen. */
export function snapshotFor(world: World, node: ProxyNode): Snapshot | undefined {
  const [role, , name = ''] = node.id.split('~');
  const dot = name.indexOf('.');
  const pod = world.pods.find(
    ({ metadata }) => metadata.name === name.slice(0, dot) && metadata.namespace === name.slice(dot + 1),
  );
  if (pod === undefined) return undefined;
  const outbound = outboundClusters(world, pod.metadata.namespace ?? '');
  if (role === 'router') {
    const { listeners, routes } = gatewayListeners(world, pod);
    return { clusters: [...outbound.clusters, blackHoleCluster()], endpoints: outbound.endpoints, listeners, routes };
  }
  const inbound = inboundListener(world, pod);
  const { listeners, routes } = outboundListeners(world, pod);
  return {
    clusters: [...outbound.clusters, ...inbound.clusters, passthroughCluster('PassthroughCluster'), blackHoleCluster()],
    endpoints: outbound.endpoints,
    listeners: [...listeners, inbound.listener],
    routes,
  };
}

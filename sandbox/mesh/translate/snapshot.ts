/** The complete configuration of one proxy. */

import type { Resource } from '../../xds/encode.ts';
import type { Snapshot } from '../../xds/snapshot.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import { OncePerPush, type PushContext } from '../model/push-context.ts';
import { withAccessLog } from './access-log.ts';
import { blackHoleCluster, outboundClusters, passthroughCluster } from './clusters.ts';
import { credentialsFor } from './credentials.ts';
import { gatewayListeners } from './gateway.ts';
import { inboundListener } from './inbound.ts';
import { eachListenerOnce } from './listeners.ts';
import { outboundListeners } from './outbound.ts';
import { type ProxyTelemetry, telemetryOf } from './telemetry.ts';
import { workloadClusters } from './workload-filters.ts';

/** By the attributes of a client that DestinationRules use. */
const clustersOf = new OncePerPush<ReturnType<typeof outboundClusters>>();
/** By the attributes of a caller that rules use. */
const listenersOf = new OncePerPush<ReturnType<typeof outboundListeners>>();
/** By the proxy's namespace. */
const secretsOf = new OncePerPush<readonly Resource[]>();
/** Cached by telemetry settings, and by the listener without its log. */
const loggedOf = new OncePerPush<Map<Resource, Resource>>();
const PASSTHROUGH = passthroughCluster('PassthroughCluster');
const BLACK_HOLE = blackHoleCluster();

/** @returns all clusters, listeners, routes and secrets of a proxy. */
export function snapshotFor(push: PushContext, proxy: ProxyContext): Snapshot {
  const { namespace } = proxy;
  const client = push.destinationRules.selectClients ? callerOf(proxy) : namespace;
  const outbound = clustersOf.of(push, client, () => outboundClusters(push, proxy));
  const secrets = secretsOf.of(push, namespace, () => credentialsFor(push, namespace));
  const telemetry = telemetryOf(push, proxy);
  const own = workloadClusters(push, proxy);
  if (proxy.role === 'router') {
    const { listeners, routes } = gatewayListeners(push, proxy);
    const clusters = [...outbound.clusters, ...own, BLACK_HOLE];
    return { clusters, endpoints: outbound.endpoints, listeners: logged(push, listeners, telemetry), routes, secrets };
  }
  const inbound = inboundListener(push, proxy);
  const { listeners, routes } = listenersOf.of(push, callerOf(proxy), () => outboundListeners(push, proxy));
  return {
    clusters: [...outbound.clusters, ...inbound.clusters, ...own, PASSTHROUGH, BLACK_HOLE],
    endpoints: outbound.endpoints,
    listeners: logged(push, [inbound.listener, ...listeners], telemetry),
    routes,
    secrets,
  };
}

/** Most listeners are the same object for many proxies, so each is encoded once. */
function logged(push: PushContext, listeners: readonly Resource[], telemetry: ProxyTelemetry): readonly Resource[] {
  const known = loggedOf.of(push, JSON.stringify(telemetry), () => new Map());
  return eachListenerOnce(listeners).map((listener) => {
    const one = known.get(listener) ?? withAccessLog(push, listener, telemetry);
    known.set(listener, one);
    return one;
  });
}

/** Rules identify a caller by namespace and labels. */
function callerOf({ namespace, labels }: ProxyContext): string {
  return JSON.stringify([namespace, Object.entries(labels).sort()]);
}

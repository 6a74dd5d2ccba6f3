/**
 * Inbound traffic of an app. Everything arrives at 15006. Each port has chains for mutual TLS and, unless STRICT, for
 * plaintext. Plaintext without a matching chain is closed unread, which the client sees as a reset.
 */

import { socketAddress } from '../../xds/address.ts';
import type { Message, Resource } from '../../xds/encode.ts';
import { type EffectiveMode, mtlsMode, portsWithMode } from '../kinds/peer-authentication.ts';
import type { Pod } from '../model/kubernetes.ts';
import type { MeshPort } from '../model/mesh-port.ts';
import { selects } from '../model/names.ts';
import { type Protocol, protocolOf } from '../model/protocols.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import { passthroughCluster } from './clusters.ts';
import { HTTP_INSPECTOR, inboundHttp, ORIGINAL_DST, TLS_INSPECTOR, tcpProxy } from './filters.ts';
import { type InboundFilters, inboundChains } from './inbound-chains.ts';
import { onlyFor } from './inspectors.ts';
import { workloadFilters } from './workload-filters.ts';

/** The source address that distinguishes a proxy's calls to its own app from intercepted ones. */
const TO_APP = '127.0.0.6';
const LISTENING = 15_006;
const ELSEWHERE = 'InboundPassthroughCluster';
/** Any port without a Service. */
const OTHER_PORTS = 0;

interface InboundPort {
  readonly number: number;
  readonly protocol: Protocol;
  readonly mode: EffectiveMode;
  /** The cluster of a Service, or `elsewhere` for a port that only a PeerAuthentication names. */
  readonly cluster: string;
  /** The operation name in traces. */
  readonly operation: string;
  /** The first Service port that has this port as its target. */
  readonly of?: MeshPort;
}

/** @returns the inbound listener and its clusters for a pod with a sidecar. */
export function inboundListener(
  push: PushContext,
  proxy: ProxyContext,
): { listener: Resource; clusters: readonly Resource[] } {
  const ports = inboundPorts(push, proxy);
  return {
    listener: virtualInbound(push, proxy, ports),
    clusters: [
      ...ports
        .filter(({ cluster }) => cluster !== ELSEWHERE)
        .map(({ cluster, of }) => passthroughCluster(cluster, TO_APP, of)),
      passthroughCluster(ELSEWHERE, TO_APP),
    ],
  };
}

function inboundPorts(push: PushContext, proxy: ProxyContext): readonly InboundPort[] {
  const serving = push.ports.filter(
    ({ service, namespace }) =>
      namespace === proxy.namespace &&
      service.spec.selector !== undefined &&
      selects(service.spec.selector, proxy.labels),
  );
  const ports = new Map<number, InboundPort>();
  for (const entry of serving) {
    const number = containerPort(entry, proxy.pod);
    if (number === undefined || ports.has(number)) continue;
    const protocol = detected(push, protocolOf(entry.port));
    const operation = `${entry.host}:${entry.port.port}`;
    const mode = mtlsMode(push, proxy, number);
    ports.set(number, { number, protocol, mode, cluster: `inbound|${number}||`, operation, of: entry });
  }
  for (const number of portsWithMode(push, proxy))
    if (!ports.has(number)) ports.set(number, { ...otherPorts(push, proxy, number), number });
  return [...ports.values()].sort((a, b) => a.number - b.number);
}

function otherPorts(push: PushContext, proxy: ProxyContext, port: number): InboundPort {
  const protocol = detected(push, 'unknown');
  return { number: port, protocol, mode: mtlsMode(push, proxy, port), cluster: ELSEWHERE, operation: '*' };
}

/** Without protocol detection, an unknown protocol is TCP. */
function detected({ settings }: PushContext, protocol: Protocol): Protocol {
  return protocol === 'unknown' && !settings.protocolDetection.inbound ? 'tcp' : protocol;
}

function containerPort({ port }: MeshPort, pod: Pod): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  return pod.spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === target)?.containerPort;
}

function virtualInbound(push: PushContext, proxy: ProxyContext, ports: readonly InboundPort[]): Resource {
  const others = otherPorts(push, proxy, OTHER_PORTS);
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name: 'virtualInbound',
    traffic_direction: 'INBOUND',
    address: socketAddress('0.0.0.0', LISTENING),
    listener_filters: [ORIGINAL_DST, ...inspectors(ports, others)],
    listener_filters_timeout: push.settings.protocolDetection.timeout,
    continue_on_listener_filters_timeout: true,
    filter_chains: [
      {
        name: 'virtualInbound-blackhole',
        filter_chain_match: { destination_port: LISTENING },
        filters: [tcpProxy('BlackHoleCluster')],
      },
      ...ports.flatMap((port) =>
        inboundChains(
          { ...port, name: `0.0.0.0_${port.number}`, match: { destination_port: port.number } },
          filtersOf(push, proxy, port),
        ),
      ),
      ...inboundChains({ ...others, name: 'virtualInbound', match: {} }, filtersOf(push, proxy, others)),
    ],
  };
}

/** Inspects only ports that need it, because a client that waits for the server to send first would have to time out. */
function inspectors(ports: readonly InboundPort[], others: InboundPort): readonly Message[] {
  const asked = (asks: (port: InboundPort) => boolean): Parameters<typeof onlyFor>[0] => ({
    ports: [{ number: LISTENING, asks: false }, ...ports.map((port) => ({ number: port.number, asks: asks(port) }))],
    others: asks(others),
  });
  return [
    ...onlyFor(
      asked(({ mode }) => mode !== 'DISABLE'),
      TLS_INSPECTOR,
    ),
    ...onlyFor(
      asked(({ mode, protocol }) => mode !== 'STRICT' && protocol === 'unknown'),
      HTTP_INSPECTOR,
    ),
  ];
}

function filtersOf(push: PushContext, proxy: ProxyContext, { cluster, operation }: InboundPort): InboundFilters {
  const before = workloadFilters(push, proxy);
  return {
    http: [inboundHttp(cluster, operation, before.http)],
    tcp: [...before.tcp, tcpProxy(cluster)],
  };
}

/**
 * What an app receives: everything arrives at 15006; each port has a chain for mutual TLS and, unless STRICT, one for
 * plaintext. The mutual chain is the same in both modes, so that connections live through the change. Plaintext that
 * meets no chain is closed unread, which the client sees as a reset.
 */

import type { Message, Resource } from '../../xds/encode.ts';
import { mtlsMode } from '../kinds/peer-authentication.ts';
import type { Pod } from '../model/kubernetes.ts';
import type { MeshPort } from '../model/mesh-port.ts';
import { selects } from '../model/names.ts';
import { isHttp } from '../model/protocols.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import { passthroughCluster } from './clusters.ts';
import { inboundHttp, ORIGINAL_DST, TLS_INSPECTOR, tcpProxy } from './filters.ts';
import { downstreamTls } from './tls.ts';
import { workloadFilters } from './workload-filters.ts';

/** The source address by which a proxy's calls to its own app are told from intercepted ones. */
const TO_APP = '127.0.0.6';
/** Any port without a Service. */
const OTHER_PORTS = 0;

interface InboundPort {
  readonly number: number;
  readonly http: boolean;
  readonly operation: string;
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
      ...ports.map(({ number }) => passthroughCluster(inboundCluster(number), TO_APP)),
      passthroughCluster('InboundPassthroughCluster', TO_APP),
    ],
  };
}

function inboundCluster(port: number): string {
  return `inbound|${port}||`;
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
    if (number !== undefined && !ports.has(number))
      ports.set(number, { number, http: isHttp(entry.port), operation: `${entry.host}:${entry.port.port}` });
  }
  return [...ports.values()].sort((a, b) => a.number - b.number);
}

function containerPort({ port }: MeshPort, pod: Pod): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  return pod.spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === target)?.containerPort;
}

function virtualInbound(push: PushContext, proxy: ProxyContext, ports: readonly InboundPort[]): Resource {
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name: 'virtualInbound',
    traffic_direction: 'INBOUND',
    address: { socket_address: { address: '0.0.0.0', port_value: 15_006 } },
    listener_filters: [ORIGINAL_DST, TLS_INSPECTOR],
    listener_filters_timeout: '0s',
    continue_on_listener_filters_timeout: true,
    filter_chains: [
      {
        name: 'virtualInbound-blackhole',
        filter_chain_match: { destination_port: 15_006 },
        filters: [tcpProxy('BlackHoleCluster')],
      },
      ...ports.flatMap((port) => chains(push, proxy, port)),
      ...otherChains(push, proxy),
    ],
  };
}

function chains(push: PushContext, proxy: ProxyContext, port: InboundPort): readonly Message[] {
  const cluster = inboundCluster(port.number);
  const before = workloadFilters(push, proxy);
  const filters = port.http ? [inboundHttp(cluster, port.operation, before.http)] : [...before.tcp, tcpProxy(cluster)];
  return chainsFor(push, proxy, port.number, `0.0.0.0_${port.number}`, { destination_port: port.number }, filters);
}

function otherChains(push: PushContext, proxy: ProxyContext): readonly Message[] {
  const filters = [...workloadFilters(push, proxy).tcp, tcpProxy('InboundPassthroughCluster')];
  return chainsFor(push, proxy, OTHER_PORTS, 'virtualInbound', {}, filters);
}

/** ALPN names that a proxy of the mesh offers: they tell its TLS from an app's own. */
const MESH_ALPN = ['istio', 'istio-peer-exchange', 'istio-http/1.0', 'istio-http/1.1', 'istio-h2'];

function chainsFor(
  push: PushContext,
  proxy: ProxyContext,
  port: number,
  name: string,
  match: Message,
  filters: readonly Message[],
): readonly Message[] {
  const mode = mtlsMode(push, proxy, port);
  const mutual = {
    name,
    filter_chain_match: { ...match, transport_protocol: 'tls', application_protocols: MESH_ALPN },
    transport_socket: downstreamTls(),
    filters,
  };
  const plaintext = {
    name: `${name}-plaintext`,
    filter_chain_match: { ...match, transport_protocol: 'raw_buffer' },
    filters,
  };
  // Under STRICT any TLS must be the mesh's: without its ALPN it still meets a chain that asks for a certificate.
  const anyTls = {
    name: `${name}-tls`,
    filter_chain_match: { ...match, transport_protocol: 'tls' },
    transport_socket: downstreamTls(),
    filters,
  };
  // An app's own TLS is passed on as it is.
  const appTls = {
    name: `${name}-app-tls`,
    filter_chain_match: { ...match, transport_protocol: 'tls' },
    filters: [...workloadFilters(push, proxy).tcp, tcpProxy('InboundPassthroughCluster')],
  };
  switch (mode) {
    case 'STRICT':
      return [mutual, anyTls];
    case 'DISABLE':
      return [appTls, plaintext];
    case 'PERMISSIVE':
      return [mutual, appTls, plaintext];
  }
}

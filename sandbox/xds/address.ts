/** Addresses as Envoy's configuration has them, and clusters whose endpoint does not change. */
import type { Message } from './encode.ts';

export function socketAddress(address: string, port: number): Message {
  return { socket_address: { address, port_value: port } };
}

/** A Unix socket. */
export function pipeAddress(path: string): Message {
  return { pipe: { path } };
}

/** A cluster's only endpoint, for its `load_assignment`. */
export function onlyEndpoint(cluster: string, address: Message): Message {
  return { cluster_name: cluster, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] };
}

/** A cluster of one endpoint that is known from the start. */
export function staticCluster(name: string, address: Message): Message {
  return { name, type: 'STATIC', connect_timeout: '1s', load_assignment: onlyEndpoint(name, address) };
}

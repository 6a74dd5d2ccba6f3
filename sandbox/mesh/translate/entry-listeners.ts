/** Listeners for ServiceEntries that are not distinguished by HTTP: by address, and for TLS by SNI. */

import { socketAddress } from '../../xds/address.ts';
import type { Message, Resource } from '../../xds/encode.ts';
import type { MeshPort } from '../model/mesh-port.ts';
import { TLS_INSPECTOR, tcpProxy } from './filters.ts';

const ANY = '0.0.0.0';

/**
 * @param taken ports that already have a listener for any address.
 * @param filter the filter that forwards to the entry's cluster.
 * @param elsewhere the cluster for connections that no chain matches.
 */
export function entryListeners(
  ports: readonly MeshPort[],
  taken: readonly number[],
  filter: (port: MeshPort) => Message,
  elsewhere: string,
): readonly Resource[] {
  const chains = new Map<string, { address: string; port: number; chains: Map<string, Message> }>();
  for (const port of ports) {
    for (const { address, range } of placesOf(port)) {
      if (address === ANY && taken.includes(port.port.port)) continue;
      const key = `${address}_${port.port.port}`;
      const listener = chains.get(key) ?? { address, port: port.port.port, chains: new Map<string, Message>() };
      const match = { ...(range === undefined ? {} : { prefix_ranges: [range] }), ...names(port) };
      // A listener may contain a match only once: the oldest entry gets it.
      const text = JSON.stringify(match);
      if (!listener.chains.has(text)) listener.chains.set(text, { filter_chain_match: match, filters: [filter(port)] });
      chains.set(key, listener);
    }
  }
  return [...chains].map(([name, listener]) => ({
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name,
    traffic_direction: 'OUTBOUND',
    address: socketAddress(listener.address, listener.port),
    bind_to_port: false,
    // Without server names there is no inspector, so that clients of a server which sends first do not wait.
    ...([...listener.chains.keys()].some((match) => match.includes('server_names'))
      ? {
          listener_filters: [TLS_INSPECTOR],
          listener_filters_timeout: '0.1s',
          continue_on_listener_filters_timeout: true,
        }
      : {}),
    filter_chains: [...listener.chains.values()],
    ...(listener.chains.has('{}') ? {} : { default_filter_chain: { filters: [tcpProxy(elsewhere)] } }),
  }));
}

function placesOf({ entry }: MeshPort): readonly { address: string; range?: Message }[] {
  const addresses = entry?.spec.addresses ?? [];
  if (addresses.length === 0) return [{ address: ANY }];
  return addresses.map((address) => {
    const [prefix = '', length] = address.split('/');
    return length === undefined
      ? { address }
      : { address: ANY, range: { address_prefix: prefix, prefix_len: Number(length) } };
  });
}

function names({ host, port }: MeshPort): Message {
  const tls = port.appProtocol === 'tls' || port.appProtocol === 'https';
  return tls && host !== '*' ? { server_names: [host.toLowerCase()] } : {};
}

/** Makes listeners acceptable to a proxy: unique names and addresses, and none of its own ports. */
import { at, number, text } from '../../../model/fields.ts';
import type { Resource } from '../../xds/encode.ts';

/** The proxy's own ports: administration, health, statistics. */
const OWN_PORTS = [15_000, 15_020, 15_021, 15_090];

/** A name or an address belongs to the first that has it. */
export function eachListenerOnce(listeners: readonly Resource[]): readonly Resource[] {
  const known = new Set<string>();
  return listeners.filter((listener) => {
    const socket = at(listener, 'address', 'socket_address');
    const [address, port] = [text(at(socket, 'address')), number(at(socket, 'port_value'))];
    const binds = listener['bind_to_port'] !== false;
    if (binds && OWN_PORTS.includes(port)) return false;
    const keys = [String(listener['name']), `${address}:${port}`];
    if (keys.some((key) => known.has(key))) return false;
    for (const key of keys) known.add(key);
    return true;
  });
}

/** Listener filters that wait for the first bytes of a connection to inspect them. They run only for ports that need it. */
import type { Message } from '../../xds/encode.ts';

/** Which ports need a filter, and whether all other ports need it. */
export interface Asked {
  readonly ports: readonly { readonly number: number; readonly asks: boolean }[];
  readonly others: boolean;
}

/** The filter, disabled for ports that do not need it. Empty if no port does. */
export function onlyFor({ ports, others }: Asked, filter: Message): readonly Message[] {
  const asking = ports.filter(({ asks }) => asks).map(({ number }) => onPort(number));
  const silent = ports.filter(({ asks }) => !asks).map(({ number }) => onPort(number));
  if (others) return [silent.length === 0 ? filter : { ...filter, filter_disabled: anyOf(silent) }];
  return asking.length === 0 ? [] : [{ ...filter, filter_disabled: { not_match: anyOf(asking) } }];
}

function onPort(number: number): Message {
  return { destination_port_range: { start: number, end: number + 1 } };
}

/** Envoy does not accept an `or_match` with a single rule. */
function anyOf(rules: readonly Message[]): Message {
  const [only, ...more] = rules;
  return only !== undefined && more.length === 0 ? only : { or_match: { rules } };
}

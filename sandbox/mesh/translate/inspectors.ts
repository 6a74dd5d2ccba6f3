/** Filters that look at a connection's first bytes. They wait for them, so they look only where somebody asks. */
import type { Message } from '../../xds/encode.ts';

/** Who asks: ports that do or don't, and whether all others do. */
export interface Asked {
  readonly ports: readonly { readonly number: number; readonly asks: boolean }[];
  readonly others: boolean;
}

/** The filter, switched off for all ports that don't ask; nothing when nobody does. */
export function onlyFor({ ports, others }: Asked, filter: Message): readonly Message[] {
  const asking = ports.filter(({ asks }) => asks).map(({ number }) => onPort(number));
  const silent = ports.filter(({ asks }) => !asks).map(({ number }) => onPort(number));
  if (others) return [silent.length === 0 ? filter : { ...filter, filter_disabled: anyOf(silent) }];
  return asking.length === 0 ? [] : [{ ...filter, filter_disabled: { not_match: anyOf(asking) } }];
}

function onPort(number: number): Message {
  return { destination_port_range: { start: number, end: number + 1 } };
}

/** Envoy takes no "or" of one. */
function anyOf(rules: readonly Message[]): Message {
  const [only, ...more] = rules;
  return only !== undefined && more.length === 0 ? only : { or_match: { rules } };
}

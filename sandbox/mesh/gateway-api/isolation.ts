/**
 * If several listeners share a port, the one with the most specific hostname gets the request (istiod,
 * `hostnameAllowedByIsolation`).
 */
import { hostMatches } from '../model/hosts.ts';
import type { Listener } from './listeners.ts';

/** Whether no other listener of the Gateway matches a route's host more specifically than the one it is attached to. */
export function isServedAlone(host: string, { spec }: Listener, others: readonly Listener[]): boolean {
  const own = spec.hostname ?? '';
  if (own !== '' && !own.startsWith('*')) return true;
  return !others.some((other) => {
    const { hostname = '', port, protocol } = other.spec;
    if (port !== spec.port || protocol !== spec.protocol || hostname === '' || hostname === own) return false;
    return hostname.length >= own.length && hostMatches(hostname, host);
  });
}

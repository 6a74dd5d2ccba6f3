/** Makes virtual hosts acceptable to a proxy: unique names, in any case. */
import type { Message } from '../../xds/encode.ts';

export interface VirtualHost extends Message {
  readonly name: string;
  readonly domains: readonly string[];
}

/** A domain belongs to the first that has it; a virtual host without domains is dropped. */
export function eachDomainOnce(hosts: readonly VirtualHost[]): readonly VirtualHost[] {
  const known = new Set<string>();
  return hosts.flatMap((host) => {
    const domains = host.domains.filter((domain) => {
      const free = !known.has(domain.toLowerCase());
      known.add(domain.toLowerCase());
      return free;
    });
    return domains.length === 0 ? [] : [{ ...host, domains }];
  });
}

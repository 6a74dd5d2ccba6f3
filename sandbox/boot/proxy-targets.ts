/** The destinations of the sandbox's HTTP proxy: names of the apps domain and of Routes, and addresses of the cluster. */
import { existsSync } from 'node:fs';
import { BlockList } from 'node:net';
import type { SandboxContext } from '../component.ts';
import { nodeAddresses } from '../node/network.ts';
import { ROUTES } from '../openshift/kinds.ts';
import { consoleHost, consoleSocket } from './console.ts';
import type { ProxyTargets } from './router-proxy.ts';

export function proxyTargets({ settings, informers }: SandboxContext): ProxyTargets {
  const routes = informers.of(ROUTES);
  const inside = new BlockList();
  for (const cidr of [settings.serviceCidr, settings.podCidr]) {
    const [network = '', prefix] = cidr.split('/');
    inside.addSubnet(network, Number(prefix));
  }
  for (const address of nodeAddresses(settings)) inside.addAddress(address);
  const consoleAt = consoleHost(settings.appsDomain);
  const socket = consoleSocket(settings.directory);
  return {
    router: settings.nodeAddress,
    isRouted: (host) =>
      host.endsWith(`.${settings.appsDomain}`) || routes.list().some(({ spec }) => spec.host?.toLowerCase() === host),
    isInside: (address) => inside.check(address),
    socketOf: (host) => (host === consoleAt && existsSync(socket) ? socket : undefined),
  };
}

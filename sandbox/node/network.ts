/** The network of the machine on which all nodes run: the root network namespace of a sandbox. */
import { readFile, writeFile } from 'node:fs/promises';
import type { SandboxSettings } from '../component.ts';
import { mustRun } from '../runtime/run.ts';

/** The default gateway of every pod: a link-local address that is answered on each pod's own veth. */
export const GATEWAY = '169.254.1.1';

/** The address of the DNS server: the tenth of the service network, as on OpenShift. */
export function dnsAddress(serviceCidr: string): string {
  const [network = ''] = serviceCidr.split('/');
  return `${network.split('.').slice(0, 3).join('.')}.10`;
}

/** The addresses of the nodes: `nodeAddress` for the first, the following ones for the others. */
export function nodeAddresses(settings: Pick<SandboxSettings, 'nodeAddress' | 'nodes'>): string[] {
  const parts = settings.nodeAddress.split('.').map(Number);
  return settings.nodes.map((_, index) => [...parts.slice(0, 3), (parts[3] ?? 0) + index].join('.'));
}

/** Routes instead of a bridge: a bridge would make replies of pods on one node bypass the address translation. */
export async function setUpNetwork(
  settings: Pick<SandboxSettings, 'nodeAddress' | 'nodes' | 'serviceCidr'>,
): Promise<void> {
  const local = [GATEWAY, ...nodeAddresses(settings), dnsAddress(settings.serviceCidr)];
  const commands = [
    'link set lo up',
    ...local.map((address) => `addr add ${address}/32 dev lo`),
    // Packets to a Service without endpoints are not translated: they need a route to the rule that rejects them.
    `route add ${settings.serviceCidr} dev lo`,
  ];
  await mustRun('ip', ['-batch', '-'], `${commands.join('\n')}\n`);
  await setKernel('net/ipv4/ip_forward', '1');
  // Programs in pods run as root of a user namespace that owns this network, ports under 1024 included.
  await setKernel('net/ipv4/ip_unprivileged_port_start', '0');
  await setKernel('net/ipv4/conf/all/rp_filter', '0');
  await setKernel('net/ipv4/conf/default/rp_filter', '0');
}

/** Writes the setting only if it differs: in some containers /proc/sys is read-only but already correct. */
async function setKernel(name: string, value: string): Promise<void> {
  const path = `/proc/sys/${name}`;
  if ((await readFile(path, 'utf8')).trim() !== value) await writeFile(path, value);
}

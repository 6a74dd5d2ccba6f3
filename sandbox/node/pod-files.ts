/** The files a kubelet writes into every pod. */
import type { Pod } from './kinds.ts';

/** Search list and `ndots` are those of Kubernetes' `ClusterFirst`. */
export function resolvConf(pod: Pod, dns: string): string {
  const { namespace } = pod.metadata;
  return `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver ${dns}\noptions ndots:5\n`;
}

export function hostsFile(pod: Pod, address: string): string {
  const { name, namespace } = pod.metadata;
  const { hostname = name, subdomain, hostAliases = [] } = pod.spec;
  const full = subdomain === undefined ? '' : `${hostname}.${subdomain}.${namespace}.svc.cluster.local\t`;
  const aliases = hostAliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`).join('');
  return `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n${address}\t${full}${hostname}\n${aliases}`;
}

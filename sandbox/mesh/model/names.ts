/** Names in Istio's formats: fully qualified hosts, clusters, server names. */

export const CLUSTER_DOMAIN = 'cluster.local';
export const TRUST_DOMAIN = 'cluster.local';

/** A short host belongs to its rule's namespace; a name with a dot is complete. */
export function qualify(host: string, namespace: string): string {
  return host.includes('.') || host === '*' ? host : `${host}.${namespace}.svc.${CLUSTER_DOMAIN}`;
}

export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.${CLUSTER_DOMAIN}`;
}

/** `outbound|80|v1|web.shop.svc.cluster.local` */
export function outboundCluster(port: number, subset: string, host: string): string {
  return `outbound|${port}|${subset}|${host}`;
}

/** `outbound_.80_.v1_.web.shop.svc.cluster.local` */
export function serverName(port: number, subset: string, host: string): string {
  return `outbound_.${port}_.${subset}_.${host}`;
}

/** `spiffe://cluster.local/ns/NAMESPACE/sa/ACCOUNT` */
export function spiffe(namespace: string, serviceAccount: string): string {
  return `spiffe://${TRUST_DOMAIN}/ns/${namespace}/sa/${serviceAccount}`;
}

/** Oldest first, then by name: Istio's order of precedence. */
export function byAge(a: Aged, b: Aged): number {
  const [older, younger] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (older !== younger) return older < younger ? -1 : 1;
  const [first, second] = [`${a.metadata.name}.${a.metadata.namespace}`, `${b.metadata.name}.${b.metadata.namespace}`];
  return first < second ? -1 : Number(first > second);
}
interface Aged {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly creationTimestamp?: string };
}

/** Whether labels match a selector of equal labels. An empty or absent selector matches everything. */
export function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels?.[key] === value);
}

/** The key in a proxy's metadata that names its control plane's namespace. */
export const ROOT_NAMESPACE = 'ROOT_NAMESPACE';

/** The proxy being served, and the listener for which routes are generated. */
import type { Pod } from './kubernetes.ts';
import type { PushContext } from './push-context.ts';

export interface ProxyContext {
  readonly role: 'sidecar' | 'router';
  readonly pod: Pod;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A rule may apply to certain gateways or ports only. */
export interface ListenerContext {
  readonly proxy: ProxyContext;
  /** `mesh`, or gateways as `namespace/name`. */
  readonly gateways: readonly string[];
  readonly port: number;
}

/**
 * @param id of the node: `sidecar~IP~POD.NAMESPACE~DOMAIN` or `router~…`.
 * @returns undefined until the pod is known.
 */
export function proxyContext(push: PushContext, id: string): ProxyContext | undefined {
  const [role, , name = ''] = id.split('~');
  const dot = name.indexOf('.');
  const pod = push.pod(`${name.slice(dot + 1)}/${name.slice(0, dot)}`);
  return pod === undefined ? undefined : proxyOf(pod, role === 'router' ? 'router' : 'sidecar');
}

export function proxyOf(pod: Pod, role: ProxyContext['role']): ProxyContext {
  return { role, pod, namespace: pod.metadata.namespace ?? '', labels: pod.metadata.labels ?? {} };
}

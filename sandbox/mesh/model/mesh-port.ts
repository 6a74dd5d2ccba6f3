/** What a client can call: ports of Services and ServiceEntries, and the addresses behind them. */
import type { Pod, Service, ServicePort } from './kubernetes.ts';
import type { ServiceEntry } from './service-entry.ts';

/** One port of a Service, or of a ServiceEntry's host, under its full name. */
export interface MeshPort {
  readonly host: string;
  readonly service: Service;
  readonly namespace: string;
  readonly port: ServicePort;
  /** Set if the host belongs to a ServiceEntry, or to a Service of type ExternalName. */
  readonly entry?: ServiceEntry;
  /** The Service of the mesh of which the host is only another name. */
  readonly alias?: string;
}

/** A ready address behind a port. */
export interface Address {
  readonly ip: string;
  readonly port: number;
  readonly pod: Pod | undefined;
  /** Labels of an entry's endpoint, if any. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A headless Service: its name resolves to its pods. */
export function isHeadless({ service }: MeshPort): boolean {
  return service.spec.clusterIP === 'None';
}

/** Whether a pod's proxy accepts mutual TLS: the injector sets this label. */
export function hasProxy(pod: Pod | undefined): boolean {
  return pod?.metadata.labels?.['security.istio.io/tlsMode'] === 'istio';
}

/** ServiceEntry, as Istio spells it: hosts beside the Services, with addresses that it names, selects or leaves to DNS. */

import { type KubeObject, resource } from '../../client/client.ts';
import type { Pod, Service } from './kubernetes.ts';
import type { Address, MeshPort } from './mesh-port.ts';
import { selects } from './names.ts';

interface EntryPort {
  readonly number: number;
  readonly name?: string;
  readonly protocol?: string;
  readonly targetPort?: number;
}
interface EntryEndpoint {
  readonly address?: string;
  readonly ports?: Readonly<Record<string, number>>;
  readonly labels?: Readonly<Record<string, string>>;
}
export interface ServiceEntry extends KubeObject {
  readonly spec: {
    readonly hosts: readonly string[];
    readonly addresses?: readonly string[];
    readonly ports?: readonly EntryPort[];
    readonly location?: 'MESH_EXTERNAL' | 'MESH_INTERNAL';
    readonly resolution?: 'NONE' | 'STATIC' | 'DNS' | 'DNS_ROUND_ROBIN';
    readonly endpoints?: readonly EntryEndpoint[];
    readonly workloadSelector?: { readonly labels?: Readonly<Record<string, string>> };
    readonly exportTo?: readonly string[];
    readonly subjectAltNames?: readonly string[];
  };
}

export const SERVICE_ENTRIES = resource<ServiceEntry>('networking.istio.io/v1beta1', 'ServiceEntry', 'serviceentries');

/** One for each host and port. */
export function entryPorts(entry: ServiceEntry): readonly MeshPort[] {
  const namespace = entry.metadata.namespace ?? '';
  return entry.spec.hosts.flatMap((host) => {
    const service = serviceOfEntry(entry, host);
    return (service.spec.ports ?? []).map((port) => ({ host, service, namespace, port, entry }));
  });
}

/** The host as if it were a Service. */
export function serviceOfEntry({ metadata, spec }: ServiceEntry, host: string): Service {
  const selector = spec.workloadSelector?.labels;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, name: host },
    spec: {
      ...(selector === undefined ? {} : { selector }),
      ports: (spec.ports ?? []).map(({ number, name, protocol = 'TCP', targetPort = number }) => ({
        port: number,
        ...(name === undefined ? {} : { name }),
        targetPort,
        appProtocol: protocol.toLowerCase(),
      })),
    },
  };
}

/** DNS takes the host itself where no endpoint is named. */
export function entryAddresses(
  { metadata, spec }: ServiceEntry,
  { host, port }: MeshPort,
  pods: readonly Pod[],
): readonly Address[] {
  const target = typeof port.targetPort === 'number' ? port.targetPort : port.port;
  if (spec.workloadSelector !== undefined)
    return pods
      .filter(
        (pod) =>
          pod.metadata.namespace === metadata.namespace && selects(spec.workloadSelector?.labels, pod.metadata.labels),
      )
      .flatMap((pod) => (pod.status?.podIP === undefined ? [] : [{ ip: pod.status.podIP, port: target, pod }]));
  const endpoints = spec.endpoints ?? (byDns(spec) && !host.startsWith('*') ? [{ address: host }] : []);
  return endpoints.flatMap(({ address, ports, labels }: EntryEndpoint) =>
    address === undefined
      ? []
      : [
          {
            ip: address,
            port: ports?.[port.name ?? ''] ?? target,
            pod: pods.find(({ status }) => status?.podIP === address),
            ...(labels === undefined ? {} : { labels }),
          },
        ],
  );
}

/** Who asks chooses the address. */
export function byClient({ resolution = 'NONE' }: ServiceEntry['spec']): boolean {
  return resolution === 'NONE';
}

export function byDns({ resolution }: ServiceEntry['spec']): boolean {
  return resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
}

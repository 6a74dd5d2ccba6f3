/** The ports and addresses that a ServiceEntry adds to the mesh. */
import type { Pod, Service } from './kubernetes.ts';
import type { Address, MeshPort } from './mesh-port.ts';
import { selects } from './names.ts';
import { byDns, type EntryEndpoint, type ServiceEntry, serviceOfEntry } from './service-entry.ts';

/** One for each host and port. */
export function entryPorts(entry: ServiceEntry): readonly MeshPort[] {
  const namespace = entry.metadata.namespace ?? '';
  return entry.spec.hosts.flatMap((host) => {
    const service = serviceOfEntry(entry, host);
    return (service.spec.ports ?? []).map((port) => ({ host, service, namespace, port, entry }));
  });
}

/** DNS resolves the host itself if no endpoint is given. */
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
    address === undefined || address === '' || address.startsWith('unix://')
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

/** The ServiceEntry that is equivalent to a Service of type ExternalName. */
export function entryOfExternalName({ metadata, spec }: Service, host: string): ServiceEntry | undefined {
  if (spec.type !== 'ExternalName' || spec.externalName === undefined) return undefined;
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ServiceEntry',
    metadata,
    spec: { hosts: [host], resolution: 'DNS', endpoints: [{ address: spec.externalName }] },
  };
}

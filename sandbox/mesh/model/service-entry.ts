/** ServiceEntry, as defined by Istio: additional hosts, with addresses that it lists, selects or resolves by DNS. */

import { type KubeObject, resource } from '../../client/client.ts';
import type { Service } from './kubernetes.ts';

interface EntryPort {
  readonly number: number;
  readonly name?: string;
  readonly protocol?: string;
  readonly targetPort?: number;
}
export interface EntryEndpoint {
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

/** The host in the form of a Service. */
export function serviceOfEntry({ metadata, spec }: ServiceEntry, host: string): Service {
  const selector = spec.workloadSelector?.labels;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, name: host },
    spec: {
      ...(selector === undefined ? {} : { selector }),
      ports: (spec.ports ?? []).map(({ number, name, protocol = 'TCP', targetPort = 0 }) => ({
        port: number,
        ...(name === undefined ? {} : { name }),
        targetPort: targetPort === 0 ? number : targetPort,
        appProtocol: protocol.toLowerCase(),
      })),
    },
  };
}

/** The client chooses the address. */
export function byClient({ resolution = 'NONE' }: ServiceEntry['spec']): boolean {
  return resolution === 'NONE';
}

export function byDns({ resolution }: ServiceEntry['spec']): boolean {
  return resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
}

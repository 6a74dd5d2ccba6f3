/** The Kubernetes kinds that the mesh looks at, as far as it reads them. */
import { type KubeObject, resource } from '../../client/client.ts';

export interface Service extends KubeObject {
  readonly spec: {
    readonly clusterIP?: string;
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly ServicePort[];
  };
}
export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
  readonly appProtocol?: string;
}
export interface Endpoints extends KubeObject {
  readonly subsets?: readonly {
    readonly addresses?: readonly {
      readonly ip: string;
      readonly targetRef?: { readonly name: string; readonly namespace?: string };
    }[];
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  }[];
}
export interface Pod extends KubeObject {
  readonly spec: {
    readonly serviceAccountName?: string;
    readonly containers: readonly {
      readonly name: string;
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
    }[];
  };
  readonly status?: { readonly podIP?: string };
}
export type Namespace = KubeObject;
export interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

export const SERVICES = resource<Service>('v1', 'Service', 'services');
export const ENDPOINTS = resource<Endpoints>('v1', 'Endpoints', 'endpoints');
export const PODS = resource<Pod>('v1', 'Pod', 'pods');
export const NAMESPACES = resource<Namespace>('v1', 'Namespace', 'namespaces', 'cluster');
export const SECRETS = resource<Secret>('v1', 'Secret', 'secrets');

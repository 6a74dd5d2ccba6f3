/** Namespaces, nodes, and what workloads read: ConfigMaps, Secrets, ServiceAccounts. */
import { type KubeObject, resource } from '../client.ts';
import type { AnyObject, Condition } from './meta.ts';

export interface Namespace extends KubeObject {
  spec?: { finalizers?: string[] };
  status?: { phase?: string; conditions?: Condition[] };
}
export interface Node extends KubeObject {
  spec?: {
    podCIDR?: string;
    providerID?: string;
    unschedulable?: boolean;
    taints?: { key: string; value?: string; effect: string }[];
  };
  status?: { conditions?: Condition[] };
}

/** A ConfigMap, or a Secret with its values in base64. */
export interface Data extends KubeObject {
  type?: string;
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

export interface CustomResourceDefinition extends AnyObject {
  spec: CustomResourceDefinitionSpec;
}
export interface CustomResourceDefinitionSpec {
  group: string;
  names: { kind: string; plural: string };
  versions: CustomResourceVersion[];
  [field: string]: unknown;
}
export interface CustomResourceVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema: StructuralSchema };
  additionalPrinterColumns?: { name: string }[];
  [field: string]: unknown;
}
/** The parts of a structural schema that the sandbox reads. */
export interface StructuralSchema {
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly items?: StructuralSchema;
  readonly [keyword: string]: unknown;
}

export const CRDS = resource<CustomResourceDefinition>(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  'cluster',
);
export const NAMESPACES = resource<Namespace>('v1', 'Namespace', 'namespaces', 'cluster');
export const NODES = resource<Node>('v1', 'Node', 'nodes', 'cluster');
export const CONFIG_MAPS = resource<Data>('v1', 'ConfigMap', 'configmaps');
export const SECRETS = resource<Data>('v1', 'Secret', 'secrets');
export const SERVICE_ACCOUNTS = resource<AnyObject>('v1', 'ServiceAccount', 'serviceaccounts');
export const EVENTS = resource<AnyObject>('v1', 'Event', 'events');

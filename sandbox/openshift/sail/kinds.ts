/** The kinds of the Service Mesh 3 operator (sailoperator.io, api/v1): the fields that the sandbox reads or writes. */
import { type KubeObject, resource } from '../../client/client.ts';
import type { Condition } from '../../client/kinds.ts';

export interface SailStatus {
  observedGeneration?: number;
  conditions?: Condition[];
  /** The reason of the first condition that is not True, or `Healthy`. */
  state?: string;
}

/** The supported values of Istio's Helm charts. */
export interface Values {
  profile?: string;
  meshConfig?: Record<string, unknown>;
  /** The operator sets `istioNamespace` to the namespace of the control plane. */
  global?: { istioNamespace?: string; [field: string]: unknown };
  /** The revision's name, or empty for `default`. Set by the operator. */
  revision?: string;
  pilot?: {
    autoscaleEnabled?: boolean;
    autoscaleMin?: number;
    replicaCount?: number;
    cni?: { enabled?: boolean };
    env?: Record<string, string>;
  };
  [field: string]: unknown;
}

export interface Istio extends KubeObject {
  spec: {
    version: string;
    namespace: string;
    profile?: string;
    updateStrategy?: {
      type?: 'InPlace' | 'RevisionBased';
      inactiveRevisionDeletionGracePeriodSeconds?: number;
      updateWorkloads?: boolean;
    };
    values?: Values;
  };
  status?: SailStatus & {
    activeRevisionName?: string;
    revisions?: { total?: number; ready?: number; inUse?: number };
  };
}

export interface IstioRevision extends KubeObject {
  spec: { version: string; namespace: string; values?: Values };
  status?: SailStatus;
}

export interface TargetRef {
  kind: 'Istio' | 'IstioRevision';
  name: string;
}

export interface IstioRevisionTag extends KubeObject {
  spec: { targetRef: TargetRef };
  status?: SailStatus & { istioRevision?: string; istiodNamespace?: string };
}

export interface IstioCNI extends KubeObject {
  spec: { version: string; namespace: string; profile?: string; values?: Values };
  status?: SailStatus;
}

export interface ZTunnel extends KubeObject {
  spec: { version: string; namespace: string; targetRef?: TargetRef; values?: Values };
  status?: SailStatus & { istioRevision?: string };
}

export const GROUP = 'sailoperator.io';
const V1 = `${GROUP}/v1`;
export const ISTIOS = resource<Istio>(V1, 'Istio', 'istios', 'cluster');
export const ISTIO_REVISIONS = resource<IstioRevision>(V1, 'IstioRevision', 'istiorevisions', 'cluster');
export const REVISION_TAGS = resource<IstioRevisionTag>(V1, 'IstioRevisionTag', 'istiorevisiontags', 'cluster');
export const ISTIO_CNIS = resource<IstioCNI>(V1, 'IstioCNI', 'istiocnis', 'cluster');

/** @param version the API version. Releases 3.0 and 3.1 serve only `v1alpha1`. */
export function ztunnels(version: string) {
  return resource<ZTunnel>(`${GROUP}/${version}`, 'ZTunnel', 'ztunnels', 'cluster');
}

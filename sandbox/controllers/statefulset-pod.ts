/** StatefulSets: their fields, and the pods and claims created from them. */
import { type KubeObject, resource } from '../client/client.ts';
import type { AnyObject, LabelSelector, Labels, Pod, PodTemplate } from '../client/kinds.ts';
import { controllerReference } from '../client/ownership.ts';

export interface ClaimTemplate {
  metadata: { name: string; labels?: Labels; annotations?: Labels };
  spec: object;
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas?: number;
    serviceName?: string;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    podManagementPolicy?: string;
    ordinals?: { start?: number };
    selector: LabelSelector;
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
    template: PodTemplate;
    volumeClaimTemplates?: ClaimTemplate[];
  };
  status?: StatefulSetStatus;
}

export interface StatefulSetStatus {
  observedGeneration?: number;
  replicas: number;
  readyReplicas?: number;
  availableReplicas?: number;
  currentReplicas?: number;
  updatedReplicas?: number;
  currentRevision?: string;
  updateRevision?: string;
  collisionCount?: number;
}

export const STATEFUL_SETS = resource<StatefulSet>('apps/v1', 'StatefulSet', 'statefulsets');

export const REVISION_LABEL = 'controller-revision-hash';

/** The ordinal at the end of a pod's name, undefined if the name does not belong to the set. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const { name } = pod.metadata;
  const prefix = `${set.metadata.name}-`;
  const number = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^\d+$/.test(number) ? Number(number) : undefined;
}

export function statefulPod(set: StatefulSet, ordinal: number, template: PodTemplate, revision: string): Pod {
  const name = `${set.metadata.name}-${ordinal}`;
  const { namespace } = set.metadata;
  const { labels, annotations } = template.metadata ?? {};
  const claims = (set.spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata.name);
  const others = (template.spec.volumes ?? []).filter((volume) => !claims.includes(volume.name));
  const claimed = claims.map((claim) => ({
    name: claim,
    persistentVolumeClaim: { claimName: claimName(claim, name) },
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        ...labels,
        'apps.kubernetes.io/pod-index': String(ordinal),
        [REVISION_LABEL]: revision,
        'statefulset.kubernetes.io/pod-name': name,
      },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [controllerReference(set)],
    },
    spec: {
      ...template.spec,
      hostname: name,
      ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}),
      volumes: [...claimed, ...others],
    },
  };
}

/** The claims of one pod. They outlive it, and the set. */
export function claimsOf(set: StatefulSet, pod: string): AnyObject[] {
  const { namespace } = set.metadata;
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claimName(metadata.name, pod),
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...metadata.labels, ...set.spec.selector.matchLabels },
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
    },
    spec,
  }));
}

function claimName(template: string, pod: string): string {
  return `${template}-${pod}`;
}

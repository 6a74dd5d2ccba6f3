/** apps.openshift.io: the fields of a DeploymentConfig that the sandbox reads or writes. */
import { type KubeObject, resource } from '../../client/client.ts';
import type { Condition, Labels, PodTemplate } from '../../client/kinds.ts';

export interface ImageChange {
  automatic?: boolean;
  containerNames?: string[];
  from: { kind: string; name: string; namespace?: string };
  lastTriggeredImage?: string;
}

export interface Trigger {
  type: string;
  imageChangeParams?: ImageChange;
}

export interface RolloutParams {
  maxSurge?: number | string;
  maxUnavailable?: number | string;
  timeoutSeconds?: number;
}

export interface DeploymentConfig extends KubeObject {
  spec: {
    replicas?: number;
    paused?: boolean;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    selector?: Labels;
    strategy?: { type?: string; rollingParams?: RolloutParams; recreateParams?: RolloutParams };
    template: PodTemplate;
    triggers?: Trigger[];
  };
  status?: DeploymentConfigStatus;
}

export interface Cause {
  type: string;
  imageTrigger?: { from: ImageChange['from'] };
}

export interface DeploymentConfigStatus {
  latestVersion?: number;
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  readyReplicas?: number;
  details?: { message?: string; causes?: Cause[] };
  conditions?: Condition[];
}

export const DEPLOYMENT_CONFIGS = resource<DeploymentConfig>(
  'apps.openshift.io/v1',
  'DeploymentConfig',
  'deploymentconfigs',
);

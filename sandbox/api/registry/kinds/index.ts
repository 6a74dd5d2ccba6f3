/** The built-in kinds that the server stores. To add one, add a file in this folder and a line here. */

import { withoutEffect } from '../../../fields/support.ts';
import { defaultPodTemplate } from '../../defaults/workloads.ts';
import { defaults } from '../../json.ts';
import { priorityClassCauses, storageClassCauses } from '../../validation/classes.ts';
import { leaseCauses } from '../../validation/data.ts';
import { endpointSliceCauses } from '../../validation/endpoints.ts';
import { limitRangeCauses, quotaCauses } from '../../validation/limits.ts';
import { podTemplateCauses } from '../../validation/workloads.ts';
import { type BuiltinKind, builtinKind, STATUS } from '../builtin.ts';
import { API_SERVICE } from './api-service.ts';
import { CERTIFICATE_SIGNING_REQUEST } from './certificate-signing-request.ts';
import { CONFIG_MAP } from './config-map.ts';
import { CRON_JOB } from './cron-job.ts';
import { CUSTOM_RESOURCE_DEFINITION } from './custom-resource-definition.ts';
import { DAEMON_SET } from './daemon-set.ts';
import { DEPLOYMENT } from './deployment.ts';
import { ENDPOINTS } from './endpoints.ts';
import { EVENT, EVENTS_EVENT } from './event.ts';
import { AUTOSCALER_V1, AUTOSCALER_V2 } from './horizontal-pod-autoscaler.ts';
import { INGRESS, INGRESS_CLASS } from './ingress.ts';
import { JOB } from './job.ts';
import { NAMESPACE } from './namespace.ts';
import { NETWORK_POLICY } from './network-policy.ts';
import { PERSISTENT_VOLUME } from './persistent-volume.ts';
import { PERSISTENT_VOLUME_CLAIM } from './persistent-volume-claim.ts';
import { POD } from './pod.ts';
import { POD_DISRUPTION_BUDGET } from './pod-disruption-budget.ts';
import { REPLICA_SET } from './replica-set.ts';
import { REPLICATION_CONTROLLER } from './replication-controller.ts';
import { CLUSTER_ROLE, ROLE } from './role.ts';
import { CLUSTER_ROLE_BINDING, ROLE_BINDING } from './role-binding.ts';
import { RUNTIME_CLASS } from './runtime-class.ts';
import { SECRET } from './secret.ts';
import { SERVICE } from './service.ts';
import { STATEFUL_SET } from './stateful-set.ts';
import { VALIDATING_ADMISSION_POLICY, VALIDATING_ADMISSION_POLICY_BINDING } from './validating-admission-policy.ts';
import { MUTATING_WEBHOOK_CONFIGURATION, VALIDATING_WEBHOOK_CONFIGURATION } from './webhook-configuration.ts';

export const BUILTIN_KINDS: readonly BuiltinKind[] = [
  CONFIG_MAP,
  ENDPOINTS,
  EVENT,
  builtinKind('', 'v1', 'LimitRange', {
    short: ['limits'],
    strategy: { createsOnUpdate: true, validate: limitRangeCauses },
    fields: {
      supported: ['spec'],
      unsupported: { 'spec.limits[].maxLimitRequestRatio': 'minimum and maximum are kept, not their ratio' },
    },
  }),
  NAMESPACE,
  builtinKind('', 'v1', 'Node', {
    short: ['no'],
    cluster: true,
    sub: STATUS,
    fields: {
      supported: ['spec.taints', 'spec.unschedulable', 'spec.podCIDR', 'spec.providerID'],
      unsupported: {
        'spec.taints[].effect=NoExecute': 'pods that run already stay',
        'spec.taints[].timeAdded': 'pods that run already stay',
      },
    },
  }),
  PERSISTENT_VOLUME_CLAIM,
  PERSISTENT_VOLUME,
  POD,
  builtinKind('', 'v1', 'PodTemplate', {
    strategy: { generation: true, defaults: defaultPodTemplate, validate: podTemplateCauses },
  }),
  REPLICATION_CONTROLLER,
  builtinKind('', 'v1', 'ResourceQuota', {
    short: ['quota'],
    sub: STATUS,
    strategy: { validate: quotaCauses },
    fields: {
      supported: ['spec.hard'],
      unsupported: { 'spec.scopes': 'it counts all objects', 'spec.scopeSelector': 'it counts all objects' },
    },
  }),
  SECRET,
  builtinKind('', 'v1', 'ServiceAccount', {
    short: ['sa'],
    sub: ['token'],
    fields: {
      supported: ['secrets', 'automountServiceAccountToken'],
      unsupported: {
        imagePullSecrets: 'no image is pulled from a registry',
      },
    },
  }),
  SERVICE,
  builtinKind('apps', 'v1', 'ControllerRevision'),
  DAEMON_SET,
  DEPLOYMENT,
  REPLICA_SET,
  STATEFUL_SET,
  EVENTS_EVENT,
  CRON_JOB,
  JOB,
  AUTOSCALER_V1,
  AUTOSCALER_V2,
  CERTIFICATE_SIGNING_REQUEST,
  INGRESS,
  INGRESS_CLASS,
  NETWORK_POLICY,
  RUNTIME_CLASS,
  POD_DISRUPTION_BUDGET,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  ROLE,
  ROLE_BINDING,
  builtinKind('storage.k8s.io', 'v1', 'StorageClass', {
    short: ['sc'],
    cluster: true,
    strategy: {
      defaults: (object) => defaults(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
      validate: storageClassCauses,
    },
    fields: withoutEffect('claims of every class get a directory of the sandbox'),
  }),
  builtinKind('scheduling.k8s.io', 'v1', 'PriorityClass', {
    short: ['pc'],
    cluster: true,
    strategy: {
      generation: true,
      defaults: (object) => defaults(object, { preemptionPolicy: 'PreemptLowerPriority' }),
      validate: priorityClassCauses,
    },
    fields: {
      supported: ['globalDefault', 'description', 'value=0', 'preemptionPolicy=PreemptLowerPriority'],
      unsupported: {
        value: 'pods get it as their priority, and are placed in the order in which they come',
        preemptionPolicy: 'no pod gives way to another',
      },
    },
  }),
  builtinKind('coordination.k8s.io', 'v1', 'Lease', {
    strategy: { createsOnUpdate: true, needsVersion: true, validate: leaseCauses },
  }),
  builtinKind('discovery.k8s.io', 'v1', 'EndpointSlice', {
    strategy: { generation: true, validate: endpointSliceCauses },
    fields: withoutEffect('Services lead to what their Endpoints list'),
  }),
  CUSTOM_RESOURCE_DEFINITION,
  API_SERVICE,
  MUTATING_WEBHOOK_CONFIGURATION,
  VALIDATING_WEBHOOK_CONFIGURATION,
  VALIDATING_ADMISSION_POLICY,
  VALIDATING_ADMISSION_POLICY_BINDING,
];

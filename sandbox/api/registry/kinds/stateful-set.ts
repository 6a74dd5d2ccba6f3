import { below, merged } from '../../../fields/support.ts';
import { defaultStatefulSet } from '../../defaults/workloads.ts';
import { statefulSetCauses } from '../../validation/workloads.ts';
import { builtinKind, SCALABLE } from '../builtin.ts';
import { workloadStrategy } from '../strategy-parts.ts';
import { CLAIM_FIELDS } from './persistent-volume-claim.ts';
import { POD_FIELDS } from './pod-fields.ts';

const FIELDS = merged(
  {
    supported: [
      'spec.replicas',
      'spec.selector',
      'spec.serviceName',
      'spec.podManagementPolicy',
      'spec.updateStrategy.type',
      'spec.updateStrategy.rollingUpdate.partition',
      'spec.revisionHistoryLimit',
      'spec.minReadySeconds',
      'spec.ordinals',
      'spec.template.metadata',
      'spec.volumeClaimTemplates[].apiVersion',
      'spec.volumeClaimTemplates[].kind',
      'spec.volumeClaimTemplates[].metadata',
    ],
    unsupported: {
      'spec.updateStrategy.rollingUpdate.maxUnavailable': 'pods are replaced one at a time',
      'spec.persistentVolumeClaimRetentionPolicy': 'claims stay',
      'spec.volumeClaimTemplates[].status': 'claims get a status of their own',
    },
  },
  below('spec.template', POD_FIELDS),
  below('spec.volumeClaimTemplates[]', CLAIM_FIELDS),
);

export const STATEFUL_SET = builtinKind('apps', 'v1', 'StatefulSet', {
  short: ['sts'],
  all: true,
  sub: SCALABLE,
  fields: FIELDS,
  strategy: workloadStrategy(defaultStatefulSet, statefulSetCauses),
});

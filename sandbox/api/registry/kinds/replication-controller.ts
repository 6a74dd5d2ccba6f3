import { below, merged } from '../../../fields/support.ts';
import { defaultReplicationController } from '../../defaults/workloads.ts';
import { replicationControllerCauses } from '../../validation/workloads.ts';
import { builtinKind, SCALABLE } from '../builtin.ts';
import { workloadStrategy } from '../strategy-parts.ts';
import { POD_FIELDS } from './pod-fields.ts';

const FIELDS = merged(
  { supported: ['spec.replicas', 'spec.selector', 'spec.minReadySeconds', 'spec.template.metadata'], unsupported: {} },
  below('spec.template', POD_FIELDS),
);

export const REPLICATION_CONTROLLER = builtinKind('', 'v1', 'ReplicationController', {
  short: ['rc'],
  all: true,
  sub: SCALABLE,
  fields: FIELDS,
  strategy: workloadStrategy(defaultReplicationController, replicationControllerCauses),
});

import { below, merged } from '../../../fields/support.ts';
import { defaultReplicaSet } from '../../defaults/workloads.ts';
import { replicaSetCauses } from '../../validation/workloads.ts';
import { builtinKind, SCALABLE } from '../builtin.ts';
import { workloadStrategy } from '../strategy-parts.ts';
import { POD_FIELDS } from './pod-fields.ts';

const FIELDS = merged(
  { supported: ['spec.replicas', 'spec.selector', 'spec.minReadySeconds', 'spec.template.metadata'], unsupported: {} },
  below('spec.template', POD_FIELDS),
);

export const REPLICA_SET = builtinKind('apps', 'v1', 'ReplicaSet', {
  short: ['rs'],
  all: true,
  sub: SCALABLE,
  fields: FIELDS,
  strategy: workloadStrategy(defaultReplicaSet, replicaSetCauses),
});

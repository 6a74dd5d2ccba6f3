import { below, merged } from '../../../fields/support.ts';
import { defaultDeployment } from '../../defaults/workloads.ts';
import { deploymentCauses } from '../../validation/workloads.ts';
import { builtinKind, SCALABLE } from '../builtin.ts';
import { workloadStrategy } from '../strategy-parts.ts';
import { POD_FIELDS } from './pod-fields.ts';

const FIELDS = merged(
  {
    supported: [
      'spec.replicas',
      'spec.selector',
      'spec.strategy',
      'spec.minReadySeconds',
      'spec.revisionHistoryLimit',
      'spec.paused',
      'spec.progressDeadlineSeconds',
      'spec.template.metadata',
    ],
    unsupported: {},
  },
  below('spec.template', POD_FIELDS),
);

export const DEPLOYMENT = builtinKind('apps', 'v1', 'Deployment', {
  short: ['deploy'],
  all: true,
  sub: SCALABLE,
  fields: FIELDS,
  strategy: {
    ...workloadStrategy(defaultDeployment, deploymentCauses),
    generation: 'annotations-count',
    statusKeepsLabels: true,
  },
});

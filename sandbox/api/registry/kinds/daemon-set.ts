import { below, merged } from '../../../fields/support.ts';
import { defaultDaemonSet } from '../../defaults/workloads.ts';
import { daemonSetCauses } from '../../validation/workloads.ts';
import { builtinKind, STATUS } from '../builtin.ts';
import { workloadStrategy } from '../strategy-parts.ts';
import { POD_FIELDS } from './pod-fields.ts';

const FIELDS = merged(
  {
    supported: ['spec.selector', 'spec.template.metadata'],
    unsupported: {
      'spec.updateStrategy': 'all pods are replaced at once',
      'spec.minReadySeconds': 'a pod is available as soon as it is ready',
      'spec.revisionHistoryLimit': 'no revisions are kept',
    },
  },
  below('spec.template', POD_FIELDS),
);

export const DAEMON_SET = builtinKind('apps', 'v1', 'DaemonSet', {
  short: ['ds'],
  all: true,
  sub: STATUS,
  fields: FIELDS,
  strategy: workloadStrategy(defaultDaemonSet, daemonSetCauses),
});

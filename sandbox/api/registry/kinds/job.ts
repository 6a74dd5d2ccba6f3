import { below, merged } from '../../../fields/support.ts';
import { defaultJob, prepareJob } from '../../defaults/workloads.ts';
import { jobCauses } from '../../validation/batch.ts';
import { builtinKind, STATUS } from '../builtin.ts';
import { workloadStrategy } from '../strategy-parts.ts';
import { POD_FIELDS } from './pod-fields.ts';

const JOB_FIELDS = [
  'spec.parallelism',
  'spec.completions',
  'spec.completionMode',
  'spec.backoffLimit',
  'spec.activeDeadlineSeconds',
  'spec.ttlSecondsAfterFinished',
  'spec.suspend',
  'spec.selector',
  'spec.manualSelector',
];

/** Also used for the Jobs that a CronJob creates. */
export const JOB_SUPPORT = merged(
  { supported: [...JOB_FIELDS, 'spec.template.metadata'], unsupported: {} },
  below('spec.template', POD_FIELDS),
);

export const JOB = builtinKind('batch', 'v1', 'Job', {
  all: true,
  sub: STATUS,
  fields: JOB_SUPPORT,
  strategy: { ...workloadStrategy(defaultJob, jobCauses), prepareCreate: prepareJob },
});

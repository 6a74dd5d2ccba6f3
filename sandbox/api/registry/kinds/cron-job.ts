import { below, merged } from '../../../fields/support.ts';
import { defaultCronJob } from '../../defaults/workloads.ts';
import { cronJobCauses } from '../../validation/batch.ts';
import { builtinKind, STATUS } from '../builtin.ts';
import { workloadStrategy } from '../strategy-parts.ts';
import { JOB_SUPPORT } from './job.ts';

const FIELDS = merged(
  {
    supported: [
      'spec.schedule',
      'spec.timeZone',
      'spec.startingDeadlineSeconds',
      'spec.concurrencyPolicy',
      'spec.suspend',
      'spec.successfulJobsHistoryLimit',
      'spec.failedJobsHistoryLimit',
      'spec.jobTemplate.metadata',
    ],
    unsupported: {},
  },
  below('spec.jobTemplate', JOB_SUPPORT),
);

export const CRON_JOB = builtinKind('batch', 'v1', 'CronJob', {
  short: ['cj'],
  all: true,
  sub: STATUS,
  fields: FIELDS,
  strategy: workloadStrategy(defaultCronJob, cronJobCauses),
});

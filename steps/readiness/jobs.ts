/** Kinds that run to completion. */
import type { ApiObject } from '../../kube/types.ts';
import { numberAt, textAt } from '../../model/fields.ts';
import {
  conditionOf,
  describeCondition,
  failed,
  isTrue,
  type KindReadiness,
  notReady,
  phaseIs,
  READY,
  type Readiness,
} from './verdict.ts';

export const JOBS: readonly KindReadiness[] = [
  { group: 'batch', kind: 'Job', names: ['job', 'jobs'], judge: job },
  { group: 'batch', kind: 'CronJob', names: ['cronjob', 'cronjobs', 'cj'], judge: cronJob },
  {
    group: 'build.openshift.io',
    kind: 'Build',
    names: ['build', 'builds'],
    judge: (object) => phaseIs(object, ['Complete'], { failing: ['Failed', 'Error', 'Cancelled'] }),
  },
];

function job(object: ApiObject): Readiness {
  if (isTrue(object, 'Complete')) return READY;
  const failure = conditionOf(object, 'Failed');
  if (failure?.['status'] === 'True') return failed(describeCondition(failure));
  if (object.spec?.['suspend'] === true) return notReady('is suspended');
  const done = numberAt(object.status, 'succeeded') ?? 0;
  return notReady(`${done} of ${numberAt(object.spec, 'completions') ?? 1} completions`);
}

/** Ready once the Job scheduled last has succeeded. */
function cronJob(object: ApiObject): Readiness {
  if (object.spec?.['suspend'] === true) return failed('is suspended');
  const scheduled = textAt(object.status, 'lastScheduleTime');
  const succeeded = textAt(object.status, 'lastSuccessfulTime');
  if (scheduled === undefined) return notReady('has not been scheduled yet');
  if (succeeded === undefined || Date.parse(succeeded) < Date.parse(scheduled))
    return notReady(`the run of ${scheduled} has not succeeded`);
  return READY;
}

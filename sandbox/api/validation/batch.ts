/** Jobs and CronJobs as batch/validation words their mistakes. */
import { at, type Fields, text } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';

export function jobCauses(object: ApiObject): StatusCause[] {
  return restartCauses(at(object, 'spec', 'template', 'spec', 'restartPolicy'), 'spec.template.spec.restartPolicy');
}

export function cronJobCauses(object: ApiObject): StatusCause[] {
  const spec = object['spec'] as Fields;
  const policy = at(spec, 'jobTemplate', 'spec', 'template', 'spec', 'restartPolicy');
  return [
    ...scheduleCauses(text(spec['schedule'])),
    ...restartCauses(policy, 'spec.jobTemplate.spec.template.spec.restartPolicy'),
  ];
}

/** `Always` is the default of pods, so it is as if nothing had been said. */
function restartCauses(policy: unknown, field: string): StatusCause[] {
  if (policy === 'OnFailure' || policy === 'Never') return [];
  const message = 'Required value: valid values: "OnFailure", "Never"';
  return [{ reason: 'FieldValueRequired', message, field }];
}

/** As the parser of robfig/cron counts: what a field may hold is judged by the controller. */
function scheduleCauses(schedule: string): StatusCause[] {
  const field = 'spec.schedule';
  if (schedule === '') return [{ reason: 'FieldValueRequired', message: 'Required value', field }];
  if (schedule.startsWith('@')) return [];
  const parts = schedule.trim().split(/\s+/);
  if (parts.length === 5) return [];
  const message = `Invalid value: ${JSON.stringify(schedule)}: expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`;
  return [{ reason: 'FieldValueInvalid', message, field }];
}

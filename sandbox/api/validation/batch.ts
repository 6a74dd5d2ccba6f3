/** Jobs and CronJobs (pkg/apis/batch/validation). */
import { at, fields, number, text } from '../../../model/fields.ts';
import { generatedLabels } from '../defaults/workloads.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import { matchesSelector } from '../storage/selectors.ts';
import type { ApiObject } from '../types.ts';
import { immutable, invalidValue, nonNegative, required, unsupported } from './causes.ts';
import { failurePolicyCauses, replacementCauses, successPolicyCauses } from './job-policies.ts';
import { labelCauses } from './labels.ts';
import { domainPathProblems } from './names.ts';
import { podSpecCauses } from './pods.ts';
import { scheduleProblem } from './schedule.ts';

const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
];
const MODES = ['NonIndexed', 'Indexed'];
const POLICIES = ['Allow', 'Forbid', 'Replace'];
const LONGEST_NAME = 52;

export function jobCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const causes = [
    ...generatedSelectorCauses(object),
    ...jobSpecCauses(object['spec'], 'spec'),
    ...templateLabelCauses(object),
  ];
  if (old === undefined) return causes;
  const suspended = at(old, 'spec', 'suspend') === true && at(old, 'status', 'startTime') === undefined;
  for (const field of ['completions', 'selector', 'template', 'completionMode', 'podFailurePolicy']) {
    if (field === 'template' && suspended) continue;
    if (field === 'completions' && at(old, 'spec', 'completionMode') === 'Indexed') continue;
    const now = at(object, 'spec', field);
    if (!equal(now, at(old, 'spec', field))) causes.push(immutable(`spec.${field}`, now));
  }
  return causes;
}

/** Unless a Job says that it selects by itself, it selects its pods by the labels that the server makes. */
function generatedSelectorCauses(job: ApiObject): StatusCause[] {
  if (at(job, 'spec', 'manualSelector') === true) return [];
  const selector = at(job, 'spec', 'selector');
  return matchesSelector(selector, generatedLabels(job))
    ? []
    : [invalidValue('spec.selector', selector, '`selector` not auto-generated')];
}

function templateLabelCauses(job: ApiObject): StatusCause[] {
  const labels = fields(at(job, 'spec', 'template', 'metadata', 'labels'));
  if (matchesSelector(at(job, 'spec', 'selector'), labels)) return [];
  return [invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

function jobSpecCauses(spec: unknown, path: string): StatusCause[] {
  const mode = text(at(spec, 'completionMode'));
  return [
    ...COUNTS.flatMap((field) => nonNegative(`${path}.${field}`, at(spec, field))),
    ...managerCauses(at(spec, 'managedBy'), `${path}.managedBy`),
    ...(mode === '' || MODES.includes(mode) ? [] : [unsupported(`${path}.completionMode`, mode, MODES)]),
    ...indexCauses(spec, mode, path),
    ...failurePolicyCauses(spec, `${path}.podFailurePolicy`),
    ...successPolicyCauses(spec, `${path}.successPolicy`),
    ...replacementCauses(spec, `${path}.podReplacementPolicy`),
    ...labelCauses(at(spec, 'template', 'metadata', 'labels'), `${path}.template.labels`),
    ...podSpecCauses(at(spec, 'template', 'spec'), `${path}.template.spec`),
    ...restartCauses(spec, `${path}.template.spec.restartPolicy`),
  ];
}

function indexCauses(spec: unknown, mode: string, path: string): StatusCause[] {
  const [completions, mostFailed] = [at(spec, 'completions'), at(spec, 'maxFailedIndexes')];
  const perIndex = at(spec, 'backoffLimitPerIndex');
  const indexed = mode === 'Indexed';
  const onlyIndexed = (name: string, value: unknown): StatusCause[] =>
    indexed || value === undefined ? [] : [invalidValue(`${path}.${name}`, value, 'requires indexed completion mode')];
  return [
    ...(mostFailed !== undefined && perIndex === undefined
      ? [required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified')]
      : []),
    ...(indexed && completions === undefined
      ? [required(`${path}.completions`, 'when completion mode is Indexed')]
      : []),
    ...(indexed && completions !== undefined && number(mostFailed) > number(completions)
      ? [invalidValue(`${path}.maxFailedIndexes`, mostFailed, 'must be less than or equal to completions')]
      : []),
    ...onlyIndexed('backoffLimitPerIndex', perIndex),
    ...onlyIndexed('maxFailedIndexes', mostFailed),
  ];
}

function managerCauses(manager: unknown, field: string): StatusCause[] {
  if (manager === undefined) return [];
  return domainPathProblems(text(manager)).map((why) => invalidValue(field, manager, why));
}

/** `Always` is the default for pods, so it is reported like a missing value. */
function restartCauses(spec: unknown, field: string): StatusCause[] {
  const policy = at(spec, 'template', 'spec', 'restartPolicy');
  if (policy === 'OnFailure' && at(spec, 'podFailurePolicy') !== undefined)
    return [invalidValue(field, policy, 'only "Never" is supported when podFailurePolicy is specified')];
  if (policy === 'OnFailure' || policy === 'Never') return [];
  if (policy === 'Always' || text(policy) === '') return [required(field, 'valid values: "OnFailure", "Never"')];
  return [unsupported(field, policy, ['OnFailure', 'Never'])];
}

export function cronJobCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const spec = fields(object['spec']);
  const policy = text(spec['concurrencyPolicy']);
  const { name } = object.metadata;
  return [
    ...(old === undefined && name.length > LONGEST_NAME
      ? [invalidValue('metadata.name', name, `must be no more than ${LONGEST_NAME} characters`)]
      : []),
    ...scheduleCauses(text(spec['schedule'])),
    ...nonNegative('spec.startingDeadlineSeconds', spec['startingDeadlineSeconds']),
    ...timeZoneCauses(spec['timeZone']),
    ...(POLICIES.includes(policy) ? [] : [unsupported('spec.concurrencyPolicy', policy, POLICIES)]),
    ...jobSpecCauses(at(spec, 'jobTemplate', 'spec'), 'spec.jobTemplate.spec'),
    ...ownSelectorCauses(at(spec, 'jobTemplate', 'spec'), 'spec.jobTemplate.spec'),
    ...nonNegative('spec.successfulJobsHistoryLimit', spec['successfulJobsHistoryLimit']),
    ...nonNegative('spec.failedJobsHistoryLimit', number(spec['failedJobsHistoryLimit'])),
  ];
}

/** Each Job gets its own selector. */
function ownSelectorCauses(spec: unknown, path: string): StatusCause[] {
  const selector = at(spec, 'selector');
  return [
    ...(selector === undefined
      ? []
      : [invalidValue(`${path}.selector`, selector, '`selector` will be auto-generated')]),
    ...(at(spec, 'manualSelector') === true ? [unsupported(`${path}.manualSelector`, true, ['nil', 'false'])] : []),
  ];
}

function scheduleCauses(schedule: string): StatusCause[] {
  const field = 'spec.schedule';
  if (schedule === '') return [required(field)];
  const problem = scheduleProblem(schedule.replace(/^(CRON_)?TZ=\S+\s+/, ''));
  return [
    ...(problem === undefined ? [] : [invalidValue(field, schedule, problem)]),
    ...(schedule.includes('TZ')
      ? [invalidValue(field, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')]
      : []),
  ];
}

function timeZoneCauses(zone: unknown): StatusCause[] {
  const field = 'spec.timeZone';
  if (zone === undefined || zone === null) return [];
  if (zone === '') return [invalidValue(field, zone, 'timeZone must be nil or non-empty string')];
  if (text(zone).toLowerCase() === 'local') {
    const why = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    return [invalidValue(field, zone, why)];
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: text(zone) });
    return [];
  } catch {
    return [invalidValue(field, zone, `unknown time zone ${text(zone)}`)];
  }
}

/** Defaults of Deployments and the other workloads. */
import { at, fields, isRecord } from '../../../model/fields.ts';
import { defaults, ensure, type MutableFields } from '../json.ts';
import type { ApiObject } from '../types.ts';
import { defaultPodSpec } from './pods.ts';

function template(object: MutableFields): MutableFields {
  const spec = ensure(object, 'spec');
  defaultPodTemplate(spec);
  return spec;
}

/** @param object has the pod template under `template`. */
export function defaultPodTemplate(object: MutableFields): void {
  const inside = object['template'];
  if (isRecord(inside)) {
    const metadata = ensure(inside, 'metadata');
    metadata['creationTimestamp'] ??= null;
    const pod = inside['spec'];
    if (isRecord(pod)) defaultPodSpec(pod);
  }
}

export function defaultDeployment(object: MutableFields): void {
  const spec = template(object);
  defaults(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  // `omitempty` in the Go type.
  if (spec['minReadySeconds'] === 0) delete spec['minReadySeconds'];
  const strategy = ensure(spec, 'strategy');
  defaults(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate')
    defaults(ensure(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' });
}

export function defaultReplicaSet(object: MutableFields): void {
  defaults(template(object), { replicas: 1 });
}

/** A controller without labels or a selector of its own takes both from the labels of its pods. */
export function defaultReplicationController(object: MutableFields): void {
  const spec = template(object);
  defaults(spec, { replicas: 1 });
  const labels = fields(at(spec, 'template', 'metadata', 'labels'));
  if (Object.keys(labels).length === 0) return;
  if (Object.keys(fields(spec['selector'])).length === 0) spec['selector'] = { ...labels };
  const metadata = ensure(object, 'metadata');
  if (Object.keys(fields(metadata['labels'])).length === 0) metadata['labels'] = { ...labels };
}

export function defaultStatefulSet(object: MutableFields): void {
  const spec = template(object);
  defaults(spec, { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady' });
  const strategy = ensure(spec, 'updateStrategy');
  defaults(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate') defaults(ensure(strategy, 'rollingUpdate'), { partition: 0 });
}

export function defaultDaemonSet(object: MutableFields): void {
  const spec = template(object);
  defaults(spec, { revisionHistoryLimit: 10 });
  const strategy = ensure(spec, 'updateStrategy');
  defaults(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate')
    defaults(ensure(strategy, 'rollingUpdate'), { maxUnavailable: 1, maxSurge: 0 });
}

export function defaultJob(object: MutableFields): void {
  const spec = template(object);
  defaults(spec, { backoffLimit: 6, suspend: false, completionMode: 'NonIndexed' });
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  defaults(spec, { parallelism: 1 });
  labelLikeTemplate(object);
}

/** A Job without labels has those of its template. */
function labelLikeTemplate(job: MutableFields): void {
  const labels = fields(at(job, 'spec', 'template', 'metadata', 'labels'));
  const metadata = ensure(job, 'metadata');
  if (Object.keys(fields(metadata['labels'])).length === 0 && Object.keys(labels).length > 0)
    metadata['labels'] = { ...labels };
}

const CONTROLLER_UID = 'batch.kubernetes.io/controller-uid';

/** The labels that the server gives a Job's pods. */
export function generatedLabels({ metadata: { name, uid = '' } }: ApiObject): Record<string, string> {
  return {
    [CONTROLLER_UID]: uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
}

/** A Job selects its pods by its own UID, unless `manualSelector` is set. */
export function prepareJob(object: ApiObject): void {
  object['status'] = {};
  const spec = ensure(object, 'spec');
  if (spec['manualSelector'] === true) return;
  const labels = generatedLabels(object);
  Object.assign(ensure(ensure(ensure(spec, 'template'), 'metadata'), 'labels'), labels);
  ensure(ensure(spec, 'selector'), 'matchLabels')[CONTROLLER_UID] = labels[CONTROLLER_UID];
  labelLikeTemplate(object);
}

export function defaultCronJob(object: MutableFields): void {
  const spec = ensure(object, 'spec');
  defaults(spec, {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  const job = spec['jobTemplate'];
  if (!isRecord(job)) return;
  ensure(job, 'metadata');
  template(job);
}

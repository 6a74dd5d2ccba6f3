/** Deployments, ReplicaSets, DaemonSets and StatefulSets (pkg/apis/apps/validation). */

import { at, fields, number, records, recordsAt, text } from '../../../model/fields.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import { matchesSelector } from '../storage/selectors.ts';
import type { ApiObject } from '../types.ts';
import { forbiddenField, immutable, invalidFor, invalidValue, nonNegative, required, unsupported } from './causes.ts';
import { claimSpecCauses } from './claims.ts';
import { labelCauses, selectorCauses } from './labels.ts';
import { labelNameProblems } from './names.ts';
import { podSpecCauses } from './pods.ts';
import { daemonStrategyCauses, setStrategyCauses, strategyCauses } from './update-strategies.ts';

export function deploymentCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const [deadline, ready] = [at(object, 'spec', 'progressDeadlineSeconds'), at(object, 'spec', 'minReadySeconds')];
  return [
    ...workloadCauses(object, old),
    ...strategyCauses(object),
    ...counts(object, 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'),
    ...(typeof deadline === 'number' && deadline <= number(ready)
      ? [invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')]
      : []),
  ];
}

export function replicaSetCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  return [...workloadCauses(object, old), ...counts(object, 'minReadySeconds')];
}

/** Unlike that of a ReplicaSet, the selector is a map of labels and can be changed. */
export function replicationControllerCauses(object: ApiObject): StatusCause[] {
  const spec = fields(object['spec']);
  const selector = fields(spec['selector']);
  const replicas = nonNegative('spec.replicas', spec['replicas']);
  const ready = counts(object, 'minReadySeconds');
  if (Object.keys(selector).length === 0) return [...ready, ...replicas, required('spec.selector')];
  if (spec['template'] === undefined) return [...ready, ...replicas, required('spec.template')];
  return [...ready, ...replicas, ...templateCauses(object, { matchLabels: selector }, false)];
}

export function podTemplateCauses(object: ApiObject): StatusCause[] {
  const template = fields(object['template']);
  return [
    ...labelCauses(at(template, 'metadata', 'labels'), 'template.labels'),
    ...podSpecCauses(template['spec'], 'template.spec'),
  ];
}

export function daemonSetCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  return [
    ...workloadCauses(object, old),
    ...daemonStrategyCauses(object),
    ...counts(object, 'minReadySeconds', 'revisionHistoryLimit'),
  ];
}

const SET_FIXED =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
const SET_CHANGEABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

export function statefulSetCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const spec = fields(object['spec']);
  const policy = text(spec['podManagementPolicy']);
  const service = text(spec['serviceName']);
  const fixed = (set: ApiObject | undefined): unknown =>
    Object.fromEntries(Object.entries(fields(at(set, 'spec'))).filter(([field]) => !SET_CHANGEABLE.includes(field)));
  return [
    ...(['OrderedReady', 'Parallel'].includes(policy)
      ? []
      : [invalidValue('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'")]),
    ...setStrategyCauses(spec['updateStrategy']),
    ...retentionCauses(spec['persistentVolumeClaimRetentionPolicy']),
    ...records(spec['volumeClaimTemplates']).flatMap((claim, index) =>
      claimSpecCauses(claim['spec'], `spec.volumeClaimTemplates[${index}].spec`),
    ),
    ...(service === '' ? [] : invalidFor('spec.serviceName', service, labelNameProblems(service))),
    // A change of fixed fields is reported once, for the whole spec.
    ...workloadCauses(object, undefined),
    ...counts(object, 'minReadySeconds', 'ordinals.start'),
    ...(old !== undefined && !equal(fixed(object), fixed(old)) ? [forbiddenField('spec', SET_FIXED)] : []),
  ];
}

const RETENTIONS = ['Retain', 'Delete'];

function retentionCauses(policy: unknown): StatusCause[] {
  if (policy === undefined) return [];
  return (['whenDeleted', 'whenScaled'] as const).flatMap((when) => {
    const value = at(policy, when);
    const field = `spec.persistentVolumeClaimRetentionPolicy.${when}`;
    return value === undefined || RETENTIONS.includes(text(value)) ? [] : [unsupported(field, value, RETENTIONS)];
  });
}

function counts(object: ApiObject, ...names: readonly string[]): StatusCause[] {
  return names.flatMap((name) => nonNegative(`spec.${name}`, at(object, 'spec', ...name.split('.'))));
}

const NAMED: Readonly<Record<string, string>> = {
  // kube-apiserver uses its message for Deployments for ReplicaSets too.
  ReplicaSet: 'deployment',
};

function workloadCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const selector = at(object, 'spec', 'selector');
  const replicas = nonNegative('spec.replicas', at(object, 'spec', 'replicas'));
  const selected = selector === undefined ? [required('spec.selector')] : selectorCauses(selector, 'spec.selector');
  const isEmpty =
    selector !== undefined &&
    Object.keys(fields(at(selector, 'matchLabels'))).length + recordsAt(selector, 'matchExpressions').length === 0;
  const name = NAMED[object.kind] ?? object.kind.toLowerCase();
  return [
    ...replicas,
    ...selected,
    ...(object.kind === 'Deployment' && selected.length > 0 && selector !== undefined
      ? [invalidValue('spec.selector', selector, 'invalid label selector')]
      : []),
    ...(isEmpty ? [invalidValue('spec.selector', selector, `empty selector is invalid for ${name}`)] : []),
    ...templateCauses(object, selector, isEmpty || selected.length > 0),
    ...(old !== undefined && !equal(selector, at(old, 'spec', 'selector'))
      ? [immutable('spec.selector', selector)]
      : []),
  ];
}

function templateCauses(object: ApiObject, selector: unknown, selectorIsWrong: boolean): StatusCause[] {
  const labels = at(object, 'spec', 'template', 'metadata', 'labels') ?? {};
  const spec = withClaims(object);
  const restart = text(at(spec, 'restartPolicy'));
  const misses = selector === undefined || (!selectorIsWrong && !matchesSelector(selector, labels));
  return [
    ...(misses
      ? [
          invalidValue(
            'spec.template.metadata.labels',
            at(object, 'spec', 'template', 'metadata', 'labels'),
            '`selector` does not match template `labels`',
          ),
        ]
      : []),
    ...labelCauses(labels, 'spec.template.labels'),
    ...podSpecCauses(spec, 'spec.template.spec'),
    ...(['OnFailure', 'Never'].includes(restart)
      ? [unsupported('spec.template.spec.restartPolicy', restart, ['Always'])]
      : []),
    ...(at(spec, 'activeDeadlineSeconds') === undefined
      ? []
      : [
          forbiddenField(
            'spec.template.spec.activeDeadlineSeconds',
            `activeDeadlineSeconds in ${object.kind === 'Deployment' ? 'ReplicaSet' : object.kind} is not Supported`,
          ),
        ]),
  ];
}

/** The pod spec with the StatefulSet's claims added as volumes, as its pods will have them. */
function withClaims(object: ApiObject): unknown {
  const spec = at(object, 'spec', 'template', 'spec');
  const claims = recordsAt(object, 'spec', 'volumeClaimTemplates');
  if (claims.length === 0) return spec;
  const names = claims.map((claim) => text(at(claim, 'metadata', 'name')));
  const volumes = names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const others = recordsAt(spec, 'volumes').filter((volume) => !names.includes(text(volume['name'])));
  return { ...fields(spec), volumes: [...volumes, ...others] };
}

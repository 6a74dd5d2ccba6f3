/** StorageClasses, PriorityClasses, RuntimeClasses and IngressClasses (pkg/apis/{storage,scheduling,node,networking}/validation). */
import { at, number, text } from '../../../model/fields.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { forbiddenField, immutable, invalidFor, required, unsupported } from './causes.ts';
import { domainPathProblems, labelNameProblems, qualifiedNameProblems } from './names.ts';
import { preemptionCauses } from './pod-settings.ts';

const RECLAIM = ['Delete', 'Retain'];
const BINDING = ['Immediate', 'WaitForFirstConsumer'];

export function storageClassCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const provisioner = text(object['provisioner']);
  const [reclaim, binding] = [text(object['reclaimPolicy']), text(object['volumeBindingMode'])];
  const mayNotChange = (['parameters', 'provisioner', 'reclaimPolicy'] as const).flatMap((field) =>
    old === undefined || equal(object[field], old[field])
      ? []
      : [forbiddenField(field, `updates to ${field} are forbidden.`)],
  );
  return [
    ...(provisioner === ''
      ? [required('provisioner')]
      : invalidFor('provisioner', provisioner.toLowerCase(), qualifiedNameProblems(provisioner.toLowerCase()))),
    ...(RECLAIM.includes(reclaim) ? [] : [unsupported('reclaimPolicy', reclaim, RECLAIM)]),
    ...(BINDING.includes(binding) ? [] : [unsupported('volumeBindingMode', binding, BINDING)]),
    ...mayNotChange,
    ...unchanged(object, old, ['volumeBindingMode']),
  ];
}

const HIGHEST = 1_000_000_000;
/** The priority classes that every cluster has. */
const SYSTEM: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

export function priorityClassCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const { name } = object.metadata;
  const value = number(object['value']);
  const reserved = name.startsWith('system-');
  const why = `${name} is not a known system priority class`;
  return [
    ...(reserved && SYSTEM[name] !== value
      ? [
          forbiddenField(
            'metadata.name',
            `priority class names with 'system-' prefix are reserved for system use only. error: ${why}`,
          ),
        ]
      : []),
    ...(!reserved && value > HIGHEST
      ? [forbiddenField('value', `maximum allowed value of a user defined priority is ${HIGHEST}`)]
      : []),
    ...(old !== undefined && number(old['value']) !== value
      ? [forbiddenField('value', 'may not be changed in an update.')]
      : []),
    ...preemptionCauses(object['preemptionPolicy'], 'preemptionPolicy'),
    ...unchanged(object, old, ['preemptionPolicy']),
  ];
}

export function runtimeClassCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const handler = text(object['handler']);
  return [...invalidFor('handler', handler, labelNameProblems(handler)), ...unchanged(object, old, ['handler'])];
}

export function ingressClassCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const controller = at(object, 'spec', 'controller');
  const own =
    text(controller) === ''
      ? [required('spec.controller')]
      : invalidFor('spec.controller', controller, domainPathProblems(text(controller)));
  if (old === undefined || equal(controller, at(old, 'spec', 'controller'))) return own;
  return [...own, immutable('spec.controller', controller)];
}

function unchanged(object: ApiObject, old: ApiObject | undefined, names: readonly string[]): StatusCause[] {
  if (old === undefined) return [];
  return names.flatMap((name) => (equal(object[name], old[name]) ? [] : [immutable(name, object[name])]));
}

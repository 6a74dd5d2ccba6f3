/** LimitRanges and ResourceQuotas (pkg/apis/core/validation). */
import { at, type Fields, fields, listAt, recordsAt, text } from '../../../model/fields.ts';
import { canonicalQuantity, quantityValue } from '../defaults/quantity.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { duplicate, forbiddenField, immutable, invalidFor, invalidValue, required } from './causes.ts';
import { qualifiedNameProblems } from './names.ts';

const CONTAINER_RESOURCES = ['cpu', 'memory', 'ephemeral-storage'];
const TYPES = ['Pod', 'Container', 'PersistentVolumeClaim'];

export function limitRangeCauses(object: ApiObject): StatusCause[] {
  const limits = recordsAt(object, 'spec', 'limits');
  return limits.flatMap((limit, index) => {
    const path = `spec.limits[${index}]`;
    const type = text(limit['type']);
    const before = limits.slice(0, index).some((other) => other['type'] === type);
    return [
      ...typeCauses(type, `${path}.type`),
      ...(before ? [duplicate(`${path}.type`, type)] : []),
      ...nameCauses(limit, type, path),
      ...(type === 'Pod' ? noDefaults(limit, path) : []),
      ...(type === 'PersistentVolumeClaim' &&
      at(limit, 'min', 'storage') === undefined &&
      at(limit, 'max', 'storage') === undefined
        ? [required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided')]
        : []),
      ...orderCauses(limit, path),
    ];
  });
}

function typeCauses(type: string, field: string): StatusCause[] {
  const problems = qualifiedNameProblems(type);
  if (problems.length > 0) return invalidFor(field, type, problems);
  return type.includes('/') || TYPES.includes(type)
    ? []
    : [invalidValue(field, type, 'must be a standard limit type or fully qualified')];
}

const PARTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

function nameCauses(limit: Fields, type: string, path: string): StatusCause[] {
  if (type !== 'Pod' && type !== 'Container') return [];
  return PARTS.filter((part) => type !== 'Pod' || !part.startsWith('default')).flatMap((part) =>
    Object.keys(fields(limit[part])).flatMap((name) =>
      name.includes('/') || CONTAINER_RESOURCES.includes(name) || name.startsWith('hugepages-')
        ? []
        : [invalidValue(`${path}.${part}[${name}]`, name, 'must be a standard resource for containers')],
    ),
  );
}

function noDefaults(limit: Fields, path: string): StatusCause[] {
  return ['default', 'defaultRequest'].flatMap((part) =>
    Object.keys(fields(limit[part])).length === 0
      ? []
      : [forbiddenField(`${path}.${part}`, "may not be specified when `type` is 'Pod'")],
  );
}

/** Pairs of which the first must not exceed the second: the field to report, the value to show, and their names. */
const ORDER = [
  ['min', 'max', 'min', 'min', 'min value', 'max value'],
  ['min', 'defaultRequest', 'defaultRequest', 'defaultRequest', 'min value', 'default request value'],
  ['defaultRequest', 'max', 'defaultRequest', 'defaultRequest', 'default request value', 'max value'],
  ['defaultRequest', 'default', 'defaultRequest', 'defaultRequest', 'default request value', 'default limit value'],
  ['min', 'default', 'default', 'min', 'min value', 'default value'],
  ['default', 'max', 'default', 'max', 'default value', 'max value'],
] as const;

function orderCauses(limit: Fields, path: string): StatusCause[] {
  const names = new Set(PARTS.flatMap((part) => Object.keys(fields(limit[part]))));
  const parts = limit['type'] === 'Pod' ? ['max', 'min'] : PARTS;
  return [...names].flatMap((name) =>
    ORDER.filter(([low, high]) => parts.includes(low) && parts.includes(high)).flatMap(
      ([low, high, named, shown, lowText, highText]) => {
        const of = (part: string): string => String(canonicalQuantity(at(limit, part, name)));
        const missing = at(limit, low, name) === undefined || at(limit, high, name) === undefined;
        if (missing || quantityValue(of(low)) <= quantityValue(of(high))) return [];
        const why = `${lowText} ${of(low)} is greater than ${highText} ${of(high)}`;
        return [invalidValue(`${path}.${named}[${name}]`, of(shown), why)];
      },
    ),
  );
}

const COUNTED = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const POD_AMOUNTS = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];
const QUOTAS = [
  ...COUNTED,
  ...POD_AMOUNTS,
  'ephemeral-storage',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.ephemeral-storage',
];
const SCOPES = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'VolumeAttributesClass',
];

export function quotaCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const hard = fields(at(object, 'spec', 'hard'));
  const scopes = listAt(object, 'spec', 'scopes');
  const changed = old !== undefined && !equal(new Set(scopes).size, new Set(listAt(old, 'spec', 'scopes')).size);
  return [
    ...Object.entries(hard).flatMap(([name, amount]) => amountCauses(name, amount, `spec.hard[${name}]`)),
    ...scopeCauses(scopes, Object.keys(hard).sort()),
    ...(changed ? [immutable('spec.scopes', scopes)] : []),
  ];
}

function amountCauses(name: string, amount: unknown, field: string): StatusCause[] {
  const shown = String(canonicalQuantity(amount));
  const value = quantityValue(amount);
  const known = name.includes('/') || name.startsWith('requests.hugepages-') || name.startsWith('hugepages-');
  return [
    ...invalidFor(field, name, qualifiedNameProblems(name)),
    ...(known || QUOTAS.includes(name) ? [] : [invalidValue(field, name, 'must be a standard resource for quota')]),
    ...(value < 0 ? [invalidValue(field, shown, 'must be greater than or equal to 0')] : []),
    ...(COUNTED.includes(name) && !Number.isInteger(value) ? [invalidValue(field, shown, 'must be an integer')] : []),
  ];
}

function scopeCauses(scopes: readonly unknown[], hard: readonly string[]): StatusCause[] {
  const wrong = (why: string): StatusCause => invalidValue('spec.scopes', scopes, why);
  return [
    ...scopes.flatMap((scope) => [
      ...(SCOPES.includes(text(scope)) ? [] : [wrong('unsupported scope')]),
      ...hard
        .filter((name) => QUOTAS.includes(name) && !isForScope(text(scope), name))
        .map(() => wrong('unsupported scope applied to resource')),
    ]),
    ...[
      ['BestEffort', 'NotBestEffort'],
      ['Terminating', 'NotTerminating'],
    ].flatMap((pair) => (pair.every((scope) => scopes.includes(scope)) ? [wrong('conflicting scopes')] : [])),
  ];
}

function isForScope(scope: string, resource: string): boolean {
  switch (scope) {
    case 'BestEffort':
      return resource === 'pods';
    case 'Terminating':
    case 'NotTerminating':
    case 'NotBestEffort':
    case 'PriorityClass':
      return resource === 'pods' || POD_AMOUNTS.includes(resource);
    case 'VolumeAttributesClass':
      return resource === 'persistentvolumeclaims' || resource === 'requests.storage';
    default:
      return true;
  }
}

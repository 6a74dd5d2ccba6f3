/** Environment variables of containers, and the sources of their values. */
import { at, type Fields, fields, isRecord, records, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { configKeyProblems, variableNameProblems } from './names.ts';

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];
const FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
/** Fields of a pod that exist but cannot be used for a variable. */
const NOT_ONE_VALUE = [
  'metadata.annotations',
  'metadata.labels',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
];
const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

export function variableCauses(container: Fields, path: string): StatusCause[] {
  return records(container['env']).flatMap((variable, index) => {
    const field = `${path}.env[${index}]`;
    const name = text(variable['name']);
    return [
      ...(name === '' ? [required(`${field}.name`)] : invalidFor(`${field}.name`, name, variableNameProblems(name))),
      ...(isRecord(variable['valueFrom']) ? valueFromCauses(variable, `${field}.valueFrom`) : []),
    ];
  });
}

function valueFromCauses(variable: Fields, field: string): StatusCause[] {
  const from = fields(variable['valueFrom']);
  const given = SOURCES.filter((name) => isRecord(from[name]));
  const causes = given.flatMap((name) => sourceCauses(name, fields(from[name]), `${field}.${name}`));
  if (given.length === 0) {
    const listed = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`';
    causes.push(invalidValue(field, '', listed));
  } else if (text(variable['value']) !== '')
    causes.push(invalidValue(field, '', 'may not be specified when `value` is not empty'));
  else if (given.length > 1)
    causes.push(invalidValue(field, '', 'may not have more than one field specified at a time'));
  return causes;
}

function sourceCauses(name: string, source: Fields, field: string): StatusCause[] {
  if (name === 'fieldRef') return fieldCauses(text(source['fieldPath']), field);
  if (name === 'resourceFieldRef') {
    const resource = text(at(source, 'resource'));
    if (resource === '') return [required(`${field}.resource`)];
    const known = RESOURCES.includes(resource) || /^(limits|requests)\.hugepages-/.test(resource);
    return known ? [] : [unsupported(`${field}.resource`, resource, RESOURCES)];
  }
  const key = text(source['key']);
  return [
    ...(text(source['name']) === '' ? [required(`${field}.name`)] : []),
    ...(key === '' ? [required(`${field}.key`)] : invalidFor(`${field}.key`, key, configKeyProblems(key))),
  ];
}

function fieldCauses(path: string, field: string): StatusCause[] {
  if (path === '') return [required(`${field}.fieldPath`)];
  if (/^metadata\.(labels|annotations)\['.*'\]$/.test(path) || FIELDS.includes(path)) return [];
  if (NOT_ONE_VALUE.includes(path)) return [unsupported(`${field}.fieldPath`, path, FIELDS)];
  return [invalidValue(`${field}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`)];
}

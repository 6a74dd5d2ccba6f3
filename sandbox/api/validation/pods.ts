/** What a pod's spec must be, in kube-apiserver's words. */
import { at, clone, equal, type Fields, items, number, records, text } from '../json.ts';
import { invalidValue, isLabelName, LABEL_MESSAGE, required, unsupported } from '../rest/metadata.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';

const POLICIES = ['Always', 'IfNotPresent', 'Never'];
const RESTARTS = ['Always', 'OnFailure', 'Never'];
const DNS = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

/** @param path e.g. `spec` or `spec.template.spec`. */
export function podSpecCauses(spec: unknown, path: string): StatusCause[] {
  const causes: StatusCause[] = [];
  const containers = records(at(spec, 'containers'));
  if (containers.length === 0) causes.push(required(`${path}.containers`));
  const volumes = volumeCauses(spec, path, causes);
  const names = new Set<string>();
  for (const list of ['initContainers', 'containers']) {
    for (const [index, container] of records(at(spec, list)).entries()) {
      causes.push(...containerCauses(container, `${path}.${list}[${index}]`, names, volumes));
    }
  }
  const restart = text(at(spec, 'restartPolicy'));
  if (!RESTARTS.includes(restart)) causes.push(unsupported(`${path}.restartPolicy`, restart, RESTARTS));
  const dns = text(at(spec, 'dnsPolicy'));
  if (!DNS.includes(dns)) causes.push(unsupported(`${path}.dnsPolicy`, dns, DNS));
  return causes;
}

function volumeCauses(spec: unknown, path: string, causes: StatusCause[]): Set<string> {
  const names = new Set<string>();
  for (const [index, volume] of records(at(spec, 'volumes')).entries()) {
    const name = text(volume['name']);
    const field = `${path}.volumes[${index}].name`;
    if (name === '') causes.push(required(field));
    else if (!isLabelName(name)) causes.push(invalidValue(field, name, LABEL_MESSAGE));
    else if (names.has(name)) causes.push(duplicate(field, name));
    names.add(name);
  }
  return names;
}

function duplicate(field: string, value: string): StatusCause {
  return { reason: 'FieldValueDuplicate', message: `Duplicate value: ${JSON.stringify(value)}`, field };
}

function containerCauses(container: Fields, path: string, names: Set<string>, volumes: Set<string>): StatusCause[] {
  const causes: StatusCause[] = [];
  const name = text(container['name']);
  if (name === '') causes.push(required(`${path}.name`));
  else if (!isLabelName(name)) causes.push(invalidValue(`${path}.name`, name, LABEL_MESSAGE));
  else if (names.has(name)) causes.push(duplicate(`${path}.name`, name));
  names.add(name);
  if (text(container['image']) === '') causes.push(required(`${path}.image`));
  const policy = text(container['imagePullPolicy']);
  if (!POLICIES.includes(policy)) causes.push(unsupported(`${path}.imagePullPolicy`, policy, POLICIES));
  for (const [index, mount] of records(container['volumeMounts']).entries()) {
    const volume = text(mount['name']);
    const field = `${path}.volumeMounts[${index}]`;
    if (text(mount['mountPath']) === '') causes.push(required(`${field}.mountPath`));
    if (!volumes.has(volume))
      causes.push({
        reason: 'FieldValueNotFound',
        message: `Not found: ${JSON.stringify(volume)}`,
        field: `${field}.name`,
      });
  }
  causes.push(...portCauses(container, path));
  for (const [index, variable] of records(container['env']).entries()) {
    if (text(variable['name']) === '') causes.push(required(`${path}.env[${index}].name`));
  }
  return causes;
}

function portCauses(container: Fields, path: string): StatusCause[] {
  const causes: StatusCause[] = [];
  const names = new Set<string>();
  for (const [index, port] of records(container['ports']).entries()) {
    const field = `${path}.ports[${index}]`;
    const value = number(port['containerPort']);
    if (value === 0) causes.push(required(`${field}.containerPort`));
    else if (!isPort(value)) causes.push(invalidValue(`${field}.containerPort`, value, PORT_MESSAGE));
    if (!['TCP', 'UDP', 'SCTP'].includes(text(port['protocol'])))
      causes.push(unsupported(`${field}.protocol`, port['protocol'], ['SCTP', 'TCP', 'UDP']));
    const name = text(port['name']);
    if (name === '') continue;
    if (name.length > 15) causes.push(invalidValue(`${field}.name`, name, 'must be no more than 15 characters'));
    if (names.has(name)) causes.push(duplicate(`${field}.name`, name));
    names.add(name);
  }
  return causes;
}

export const PORT_MESSAGE = 'must be between 1 and 65535, inclusive';

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 65536;
}

/** Of a pod's spec only images, tolerations and deadlines may change. */
export function podUpdateCauses(object: ApiObject, old: ApiObject): StatusCause[] {
  if (equal(fixed(object), fixed(old))) return [];
  const why =
    'pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds`, `spec.tolerations` (only additions to existing tolerations) or `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [{ reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field: 'spec' }];
}

function fixed(pod: ApiObject): unknown {
  const {
    tolerations: _t,
    activeDeadlineSeconds: _a,
    ephemeralContainers: _e,
    ...spec
  } = clone(at(pod, 'spec') ?? {}) as Fields;
  for (const container of [...records(spec['containers']), ...records(spec['initContainers'])])
    delete container['image'];
  if (items(spec['volumes']).length === 0) delete spec['volumes'];
  return spec;
}

/** What Services, ConfigMaps, Secrets, bindings and CRDs must be. */
import { at, equal, type Fields, fields, number, records, text } from '../json.ts';
import { invalidValue, isLabelName, LABEL_MESSAGE, required, unsupported } from '../rest/metadata.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { isPort, PORT_MESSAGE } from './pods.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function serviceCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const causes: StatusCause[] = [];
  const type = text(at(object, 'spec', 'type'));
  if (!TYPES.includes(type)) causes.push(unsupported('spec.type', type, TYPES));
  const ports = records(at(object, 'spec', 'ports'));
  const headless = at(object, 'spec', 'clusterIP') === 'None';
  if (ports.length === 0 && type !== 'ExternalName' && !headless) causes.push(required('spec.ports'));
  if (type === 'ExternalName' && text(at(object, 'spec', 'externalName')) === '')
    causes.push(required('spec.externalName'));
  const names = new Set<string>();
  for (const [index, port] of ports.entries())
    causes.push(...portCauses(port, `spec.ports[${index}]`, ports.length > 1, names));
  const before = text(at(old, 'spec', 'clusterIP'));
  const now = text(at(object, 'spec', 'clusterIP'));
  if (before !== '' && now !== '' && now !== before && type !== 'ExternalName') {
    causes.push(invalidValue('spec.clusterIPs[0]', [now], 'may not change once set'));
  }
  return causes;
}

function portCauses(port: Fields, path: string, several: boolean, names: Set<string>): StatusCause[] {
  const causes: StatusCause[] = [];
  const name = text(port['name']);
  if (several && name === '') causes.push(required(`${path}.name`));
  else if (name !== '' && !isLabelName(name)) causes.push(invalidValue(`${path}.name`, name, LABEL_MESSAGE));
  else if (name !== '' && names.has(name)) {
    causes.push({
      reason: 'FieldValueDuplicate',
      message: `Duplicate value: ${JSON.stringify(name)}`,
      field: `${path}.name`,
    });
  }
  names.add(name);
  if (!isPort(number(port['port']))) causes.push(invalidValue(`${path}.port`, port['port'] ?? 0, PORT_MESSAGE));
  if (!PROTOCOLS.includes(text(port['protocol'])))
    causes.push(unsupported(`${path}.protocol`, port['protocol'], PROTOCOLS));
  const target = port['targetPort'];
  if (typeof target === 'number' && !isPort(target))
    causes.push(invalidValue(`${path}.targetPort`, target, PORT_MESSAGE));
  return causes;
}

/** ConfigMaps and Secrets: keys, and what `immutable: true` and a Secret's type fix. */
export function dataCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const causes: StatusCause[] = [];
  for (const field of ['data', 'binaryData']) {
    for (const key of Object.keys(fields(object[field]))) {
      if (/^[-._a-zA-Z0-9]+$/.test(key)) continue;
      const why =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
      causes.push(invalidValue(`${field}[${key}]`, key, why));
    }
  }
  if (old === undefined) return causes;
  if (object.kind === 'Secret' && object['type'] !== old['type'])
    causes.push(invalidValue('type', object['type'], 'field is immutable'));
  if (old['immutable'] === true && !equal(object['data'], old['data'])) {
    causes.push({
      reason: 'FieldValueForbidden',
      message: 'Forbidden: field is immutable when `immutable` is set',
      field: 'data',
    });
  }
  return causes;
}

export function bindingCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const role = at(object, 'roleRef');
  if (old !== undefined && !equal(role, old['roleRef'])) {
    return [invalidValue('roleRef', role, 'cannot change roleRef')];
  }
  const kind = text(at(role, 'kind'));
  const causes = ['Role', 'ClusterRole'].includes(kind)
    ? []
    : [unsupported('roleRef.kind', kind, ['Role', 'ClusterRole'])];
  if (text(at(role, 'name')) === '') causes.push(required('roleRef.name'));
  return causes;
}

const CRD_SCOPES = ['Cluster', 'Namespaced'];

export function crdCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const causes: StatusCause[] = [];
  const group = text(at(object, 'spec', 'group'));
  const plural = text(at(object, 'spec', 'names', 'plural'));
  if (group === '') causes.push(required('spec.group'));
  if (plural === '') causes.push(required('spec.names.plural'));
  if (text(at(object, 'spec', 'names', 'kind')) === '') causes.push(required('spec.names.kind'));
  if (object.metadata.name !== `${plural}.${group}`) {
    causes.push(invalidValue('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group'));
  }
  const scope = text(at(object, 'spec', 'scope'));
  if (!CRD_SCOPES.includes(scope)) causes.push(unsupported('spec.scope', scope, CRD_SCOPES));
  const versions = records(at(object, 'spec', 'versions'));
  if (versions.filter((version) => version['storage'] === true).length !== 1) {
    causes.push(
      invalidValue(
        'spec.versions',
        versions.map((one) => one['name']),
        'must have exactly one version marked as storage version',
      ),
    );
  }
  for (const [index, version] of versions.entries()) {
    if (at(version, 'schema', 'openAPIV3Schema') === undefined)
      causes.push(required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required'));
  }
  if (old !== undefined && scope !== at(old, 'spec', 'scope'))
    causes.push(invalidValue('spec.scope', scope, 'field is immutable'));
  return causes;
}

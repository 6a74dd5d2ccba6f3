/** CustomResourceDefinitions (apiextensions-apiserver, pkg/apis/apiextensions/validation). */
import { at, records, text } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { invalidValue, required, unsupported } from './causes.ts';

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

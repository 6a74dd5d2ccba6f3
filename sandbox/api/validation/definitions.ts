/** CustomResourceDefinitions (apiextensions-apiserver, pkg/apis/apiextensions/validation). Schemas are checked in `crd/structural.ts`. */
import { at, type Fields, listAt, records, recordsAt, text } from '../../../model/fields.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { forbiddenField, invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { columnCauses, selectableCauses, subresourceCauses } from './definition-parts.ts';
import { label1035Problems, subdomainProblems } from './names.ts';
import { webhookClientCauses } from './webhook-client.ts';

const SCOPES = ['Cluster', 'Namespaced'];
const STRATEGIES = ['None', 'Webhook'];

export function crdCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const spec = at(object, 'spec');
  const scope = text(at(spec, 'scope'));
  return [
    ...nameCauses(object),
    ...groupCauses(text(at(spec, 'group'))),
    ...(scope === '' ? [required('spec.scope')] : []),
    ...(scope === '' || SCOPES.includes(scope) ? [] : [unsupported('spec.scope', scope, SCOPES)]),
    ...versionCauses(recordsAt(spec, 'versions')),
    ...namesCauses(at(spec, 'names')),
    ...conversionCauses(at(spec, 'conversion')),
    ...(at(spec, 'preserveUnknownFields') === true
      ? [
          invalidValue(
            'spec.preserveUnknownFields',
            true,
            'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
          ),
        ]
      : []),
    ...(old !== undefined && scope !== at(old, 'spec', 'scope')
      ? [invalidValue('spec.scope', scope, 'field is immutable')]
      : []),
  ];
}

function nameCauses({ metadata: { name }, spec }: ApiObject): StatusCause[] {
  const wanted = `${text(at(spec, 'names', 'plural'))}.${text(at(spec, 'group'))}`;
  return [
    ...invalidFor('metadata.name', name, subdomainProblems(name)),
    ...(name === wanted ? [] : [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')]),
  ];
}

function groupCauses(group: string): StatusCause[] {
  const problems = subdomainProblems(group);
  if (group === '') return [required('spec.group')];
  if (problems.length > 0) return [invalidValue('spec.group', group, problems.join(','))];
  return group.includes('.') ? [] : [invalidValue('spec.group', group, 'should be a domain with at least one dot')];
}

function versionCauses(versions: readonly Fields[]): StatusCause[] {
  const names = versions.map(({ name }) => text(name));
  // Internally, the real server keeps what only one version says in the spec itself, and its messages show that.
  const single = versions.length === 1;
  return [
    ...versions.flatMap((version, index) => {
      const path = `spec.versions[${index}]`;
      const problems = label1035Problems(text(version['name']));
      const schema = at(version, 'schema', 'openAPIV3Schema');
      const holder = single ? 'spec' : path;
      return [
        ...(schema === undefined ? [required(`${path}.schema.openAPIV3Schema`, 'schemas are required')] : []),
        ...(problems.length === 0 ? [] : [invalidValue(`${path}.name`, version['name'], problems.join(','))]),
        ...subresourceCauses(version['subresources'], `${holder}.subresources`),
        ...records(version['additionalPrinterColumns']).flatMap((column, place) =>
          columnCauses(column, `${holder}.additionalPrinterColumns[${place}]`),
        ),
        ...selectableCauses(version['selectableFields'], schema, `${holder}.selectableFields`),
      ];
    }),
    ...(new Set(names).size < names.length
      ? [invalidValue('spec.versions', names, 'must contain unique version names')]
      : []),
    ...(versions.filter(({ storage }) => storage === true).length === 1
      ? []
      : [invalidValue('spec.versions', names, 'must have exactly one version marked as storage version')]),
  ];
}

function namesCauses(names: unknown): StatusCause[] {
  const [plural, kind] = [text(at(names, 'plural')), text(at(names, 'kind'))];
  const label = (value: string, field: string, prefix = '', checked = value): StatusCause[] => {
    const problems = value === '' ? [] : label1035Problems(checked);
    return problems.length === 0 ? [] : [invalidValue(field, value, prefix + problems.join(','))];
  };
  const cased = (name: 'kind' | 'listKind'): StatusCause[] => {
    const value = text(at(names, name));
    return label(value, `spec.names.${name}`, 'may have mixed case, but should otherwise match: ', value.toLowerCase());
  };
  return [
    ...(plural === '' ? [required('spec.names.plural')] : []),
    ...(kind === '' ? [required('spec.names.kind')] : []),
    ...label(plural, 'spec.names.plural'),
    ...label(text(at(names, 'singular')), 'spec.names.singular'),
    ...cased('kind'),
    ...cased('listKind'),
    ...(['shortNames', 'categories'] as const).flatMap((list) =>
      listAt(names, list).flatMap((name, index) => label(text(name), `spec.names.${list}[${index}]`)),
    ),
    ...(kind !== '' && equal(kind, at(names, 'listKind'))
      ? [invalidValue('spec.names.listKind', kind, 'kind and listKind may not be the same')]
      : []),
  ];
}

function conversionCauses(conversion: unknown): StatusCause[] {
  if (conversion === undefined) return [];
  const strategy = text(at(conversion, 'strategy'));
  const field = 'spec.conversion';
  const client = at(conversion, 'webhook', 'clientConfig');
  const versions = listAt(conversion, 'webhook', 'conversionReviewVersions');
  if (strategy !== 'Webhook') {
    const why = 'should not be set when strategy is not set to Webhook';
    return [
      ...(STRATEGIES.includes(strategy) ? [] : [unsupported(`${field}.strategy`, strategy, STRATEGIES)]),
      ...(client === undefined ? [] : [forbiddenField(`${field}.webhookClientConfig`, why)]),
      ...(versions.length === 0 ? [] : [forbiddenField(`${field}.conversionReviewVersions`, why)]),
    ];
  }
  return [
    ...(client === undefined
      ? [required(`${field}.webhookClientConfig`, 'required when strategy is set to Webhook')]
      : []),
    ...(client === undefined ? [] : webhookClientCauses(client, `${field}.webhookClientConfig`)),
    ...(versions.length === 0 ? [required(`${field}.conversionReviewVersions`)] : []),
  ];
}

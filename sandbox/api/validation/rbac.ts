/** Roles and their bindings. */
import { at, type Fields, items, records, text } from '../../../model/fields.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { selectorCauses } from './labels.ts';
import { pathSegmentProblems, subdomainProblems } from './names.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** The real server validates an update twice, so its message lists each cause twice. */
export function roleCauses(object: ApiObject, old?: ApiObject): StatusCause[] {
  const causes = causesOfRole(object);
  return old === undefined ? causes : [...causes, ...causes];
}

function causesOfRole(object: ApiObject): StatusCause[] {
  const namespaced = object.kind === 'Role';
  const selectors = at(object, 'aggregationRule', 'clusterRoleSelectors');
  return [
    ...records(object['rules']).flatMap((rule, index) => ruleCauses(rule, `rules[${index}]`, namespaced)),
    ...(object['aggregationRule'] !== undefined && items(selectors).length === 0
      ? [
          required(
            'aggregationRule.clusterRoleSelectors',
            'at least one clusterRoleSelector required if aggregationRule is non-nil',
          ),
        ]
      : []),
    ...records(selectors).flatMap((selector, index) =>
      selectorCauses(selector, `aggregationRule.clusterRoleSelectors[${index}]`),
    ),
  ];
}

function ruleCauses(rule: Fields, field: string, namespaced: boolean): StatusCause[] {
  const paths = items(rule['nonResourceURLs']);
  const [groups, resources] = [items(rule['apiGroups']), items(rule['resources'])];
  const verbs =
    items(rule['verbs']).length === 0 ? [required(`${field}.verbs`, 'verbs must contain at least one value')] : [];
  if (paths.length > 0) {
    const at = `${field}.nonResourceURLs`;
    const mixed = groups.length + resources.length + items(rule['resourceNames']).length > 0;
    return [
      ...verbs,
      ...(namespaced ? [invalidValue(at, paths, 'namespaced rules cannot apply to non-resource URLs')] : []),
      ...(mixed ? [invalidValue(at, paths, 'rules cannot apply to both regular resources and non-resource URLs')] : []),
    ];
  }
  return [
    ...verbs,
    ...(groups.length === 0
      ? [required(`${field}.apiGroups`, 'resource rules must supply at least one api group')]
      : []),
    ...(resources.length === 0
      ? [required(`${field}.resources`, 'resource rules must supply at least one resource')]
      : []),
  ];
}

export function bindingCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const role = object['roleRef'];
  const namespaced = object.kind === 'RoleBinding';
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  const [group, kind, name] = [text(at(role, 'apiGroup')), text(at(role, 'kind')), text(at(role, 'name'))];
  const own = [
    ...(group === GROUP ? [] : [unsupported('roleRef.apiGroup', group, [GROUP])]),
    ...(kinds.includes(kind) ? [] : [unsupported('roleRef.kind', kind, kinds)]),
    ...(name === '' ? [required('roleRef.name')] : invalidFor('roleRef.name', name, pathSegmentProblems(name))),
    ...records(object['subjects']).flatMap((subject, index) =>
      subjectCauses(subject, `subjects[${index}]`, namespaced),
    ),
  ];
  if (old === undefined) return own;
  return [
    ...own,
    // The real server validates an update twice, so its message lists each cause twice.
    ...own,
    // The server prints the value with Go field names.
    ...(!equal(role, old['roleRef'])
      ? [invalidValue('roleRef', { APIGroup: group, Kind: kind, Name: name }, 'cannot change roleRef')]
      : []),
  ];
}

function subjectCauses(subject: Fields, field: string, namespaced: boolean): StatusCause[] {
  const [kind, name, group] = [text(subject['kind']), text(subject['name']), text(subject['apiGroup'])];
  const named = name === '' ? [required(`${field}.name`)] : [];
  switch (kind) {
    case 'ServiceAccount':
      return [
        ...named,
        ...(name === '' ? [] : invalidFor(`${field}.name`, name, subdomainProblems(name))),
        ...(group === '' ? [] : [unsupported(`${field}.apiGroup`, group, [''])]),
        ...(!namespaced && text(subject['namespace']) === '' ? [required(`${field}.namespace`)] : []),
      ];
    case 'User':
    case 'Group':
      return [...named, ...(group === GROUP ? [] : [unsupported(`${field}.apiGroup`, group, [GROUP])])];
    default:
      return [...named, unsupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group'])];
  }
}

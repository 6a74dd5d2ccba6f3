/** APIServices (kube-aggregator, pkg/apis/apiregistration/validation). */
import { at, number, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { invalidFor, invalidValue, required } from './causes.ts';
import { label1035Problems, subdomainProblems } from './names.ts';

export function apiServiceCauses(object: ApiObject): StatusCause[] {
  const spec = at(object, 'spec');
  const [group, version] = [text(at(spec, 'group')), text(at(spec, 'version'))];
  const { name } = object.metadata;
  const wanted = `${version}.${group}`;
  const service = at(spec, 'service');
  return [
    ...(name === wanted
      ? []
      : [invalidValue('metadata.name', name, `must be \`spec.version+"."+spec.group\`: "${wanted}"`)]),
    ...(group === '' && version !== 'v1'
      ? [required('spec.group', 'only v1 may have an empty group and it better be legacy kube')]
      : []),
    ...(group === '' ? [] : invalidFor('spec.group', group, subdomainProblems(group))),
    ...invalidFor('spec.version', version, label1035Problems(version)),
    ...priorityCauses('groupPriorityMinimum', at(spec, 'groupPriorityMinimum'), 20_000),
    ...priorityCauses('versionPriority', at(spec, 'versionPriority'), 1000),
    ...(service === undefined
      ? []
      : ['namespace', 'name']
          .filter((one) => text(at(service, one)) === '')
          .map((one) => required(`spec.service.${one}`))),
  ];
}

function priorityCauses(field: string, value: unknown, most: number): StatusCause[] {
  const priority = number(value);
  if (priority > 0 && priority <= most) return [];
  return [invalidValue(`spec.${field}`, priority, `must be positive and less than ${most}`)];
}

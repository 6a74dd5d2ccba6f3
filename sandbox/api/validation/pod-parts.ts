/** Writes to a pod's subresources `ephemeralcontainers` and `resize` (pkg/apis/core/validation). */
import { at, type Fields, fields, records, recordsAt, text } from '../../../model/fields.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { duplicate, forbiddenField, invalidFor, missing, required } from './causes.ts';
import { labelNameProblems } from './names.ts';
import { resourceCauses } from './resources.ts';

/** Fields that ephemeral containers cannot have. */
const NOT_EPHEMERAL = ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'];

export function podPartCauses(object: ApiObject, old: ApiObject, subresource: string): StatusCause[] {
  if (subresource === 'ephemeralcontainers') return ephemeralCauses(object, old);
  if (subresource !== 'resize') return [];
  return recordsAt(object, 'spec', 'containers').flatMap((container, index) =>
    resourceCauses(container['resources'], `spec.containers[${index}].resources`),
  );
}

function ephemeralCauses(object: ApiObject, old: ApiObject): StatusCause[] {
  const all = recordsAt(object, 'spec', 'ephemeralContainers');
  const before = recordsAt(old, 'spec', 'ephemeralContainers');
  const others = [...records(at(old, 'spec', 'containers')), ...records(at(old, 'spec', 'initContainers'))];
  const names = others.map(({ name }) => text(name));
  return [
    ...before.flatMap((one) => {
      const now = all.find(({ name }) => name === one['name']);
      if (now !== undefined && equal(now, one)) return [];
      const why = `may not be ${now === undefined ? 'removed' : 'changed'}`;
      return [
        forbiddenField('spec.ephemeralContainers', `existing ephemeral containers "${text(one['name'])}" ${why}`),
      ];
    }),
    ...all.flatMap((container, index) => {
      const path = `spec.ephemeralContainers[${index}]`;
      const name = text(container['name']);
      const twice = names.includes(name) || all.slice(0, index).some((other) => other['name'] === name);
      return [...containerCauses(container, names, path), ...(twice ? [duplicate(`${path}.name`, name)] : [])];
    }),
  ];
}

function containerCauses(container: Fields, names: readonly string[], path: string): StatusCause[] {
  const [name, target] = [text(container['name']), text(container['targetContainerName'])];
  const given = Object.keys(fields(container['resources'])).length > 0 ? ['resources'] : [];
  const wrong = [...NOT_EPHEMERAL.filter((field) => container[field] !== undefined), ...given];
  return [
    ...(name === '' ? [required(`${path}.name`)] : invalidFor(`${path}.name`, name, labelNameProblems(name))),
    ...(text(container['image']) === '' ? [required(`${path}.image`)] : []),
    ...(target === '' || names.includes(target) ? [] : [missing(`${path}.targetContainerName`, target)]),
    ...wrong.map((field) => forbiddenField(`${path}.${field}`, 'cannot be set for an Ephemeral Container')),
  ];
}

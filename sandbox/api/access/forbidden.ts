/** A refusal with kube-apiserver's message. */
import { qualified, StatusError } from '../status.ts';
import { isResource, type Question } from './attributes.ts';

export function refusal({ user, attributes }: Question): StatusError {
  if (!isResource(attributes)) {
    const message = `forbidden: User "${user.name}" cannot ${attributes.verb} path "${attributes.path}"`;
    return new StatusError(403, 'Forbidden', message, {});
  }
  const { verb, group, resource, subresource, name, namespace } = attributes;
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = `${qualified({ group, plural: resource })}${name === '' ? '' : ` "${name}"`}`;
  const message = `${what} is forbidden: User "${user.name}" cannot ${verb} resource "${full}" in API group "${group}" ${where}`;
  return new StatusError(403, 'Forbidden', message, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: resource,
  });
}

/** The question put to an authorizer: a verb on a resource, or on a path that is not a resource. */
import type { ResourcePath } from '../http/path.ts';
import type { User } from '../types.ts';

export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  readonly namespace: string;
}

export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

export type Attributes = ResourceAttributes | PathAttributes;

export interface Question {
  readonly user: User;
  readonly attributes: Attributes;
}

export function isResource(attributes: Attributes): attributes is ResourceAttributes {
  return 'resource' in attributes;
}

export function attributesOf(path: ResourcePath, verb: string): ResourceAttributes {
  const { group, version, resource, subresource = '', name = '', namespace = '' } = path;
  // A request for a Namespace counts as a request inside that namespace (kube-apiserver, RequestInfoFactory).
  const own = group === '' && resource === 'namespaces' && name !== '' ? name : namespace;
  return { verb, group, version, resource, subresource, name, namespace: own };
}

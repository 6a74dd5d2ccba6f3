/** Paths of the served kinds. Clients read from them which query parameters a kind knows: dryRun, fieldValidation. */
import type { Fields } from '../../../model/fields.ts';
import type { Dialect, GroupVersionKind } from './schemas.ts';
import { groupPath, reference } from './schemas.ts';

export interface Served extends GroupVersionKind {
  readonly plural: string;
  readonly namespaced: boolean;
  readonly schema: string;
}

const WRITE_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation', 'pretty'];

function parameter(name: string, dialect: Dialect, type = 'string'): Fields {
  return {
    name,
    in: 'query',
    description: '',
    ...(dialect === 2 ? { type, uniqueItems: true } : { schema: { type, uniqueItems: true } }),
  };
}

function pathParameter(name: string, dialect: Dialect): Fields {
  return {
    name,
    in: 'path',
    required: true,
    description: '',
    ...(dialect === 2 ? { type: 'string' } : { schema: { type: 'string' } }),
  };
}

function operation(of: Served, action: string, id: string, dialect: Dialect): Fields {
  const writes = ['post', 'put', 'patch'].includes(action);
  const parameters = (writes ? WRITE_PARAMETERS : ['pretty']).map((name) => parameter(name, dialect));
  if (action === 'patch') parameters.push(parameter('force', dialect, 'boolean'));
  const schema = reference(of.schema, dialect);
  const content = { 'application/json': { schema } };
  return {
    operationId: `${id}${of.group.split('.')[0] ?? ''}${of.version}${of.kind}`,
    tags: [`${of.group === '' ? 'core' : of.group}_${of.version}`],
    parameters,
    ...(dialect === 3 && writes ? { requestBody: { content: action === 'patch' ? PATCH_CONTENT : content } } : {}),
    responses: { 200: { description: 'OK', ...(dialect === 2 ? { schema } : { content }) } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: of.group, version: of.version, kind: of.kind },
  };
}

/** Newer clients read here whether a kind accepts strategic patches. */
const PATCH_CONTENT: Fields = Object.fromEntries(
  [
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
    'application/apply-patch+yaml',
  ].map((type) => [type, { schema: { type: 'object' } }]),
);

export function pathsOf(of: Served, dialect: Dialect, custom: boolean): Record<string, Fields> {
  const base = `${groupPath(of)}/${of.namespaced ? 'namespaces/{namespace}/' : ''}${of.plural}`;
  const common = of.namespaced ? [pathParameter('namespace', dialect)] : [];
  const { 'application/strategic-merge-patch+json': _, ...content } = PATCH_CONTENT;
  const patch = {
    ...operation(of, 'patch', 'patch', dialect),
    ...(custom && dialect === 3 ? { requestBody: { content } } : {}),
  };
  return {
    [base]: {
      get: { ...operation(of, 'list', 'list', dialect) },
      post: operation(of, 'post', 'create', dialect),
      parameters: common,
    },
    [`${base}/{name}`]: {
      get: operation(of, 'get', 'read', dialect),
      put: operation(of, 'put', 'replace', dialect),
      delete: operation(of, 'delete', 'delete', dialect),
      patch,
      parameters: [pathParameter('name', dialect), ...common],
    },
  };
}

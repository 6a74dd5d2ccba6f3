/** project.openshift.io: Projects as a view of namespaces, and ProjectRequests, which create them. */

import { at, fields, text, textMap } from '../../../model/fields.ts';
import {
  type AggregatedApi,
  type ApiRequest,
  type ApiResponse,
  apiObject,
  type TablePrinter,
} from '../../api/types.ts';
import { mayUser } from '../../client/access-review.ts';
import { ApiError, type Client, resource, type WatchEvent } from '../../client/client.ts';
import { type AnyObject, NAMESPACES, type Namespace } from '../../client/kinds.ts';

const GROUP = 'project.openshift.io';
const API_VERSION = `${GROUP}/v1`;
const ROLE_BINDINGS = resource<AnyObject>('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings');
const DISPLAY_NAME = 'openshift.io/display-name';
/** Names reserved for the cluster itself (openshift-apiserver, project/apiserver/registry). */
const RESERVED = /^(openshift-|kubernetes-|kube-)/;

const PRINTER: TablePrinter = {
  columns: [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Display Name', type: 'string' },
    { name: 'Status', type: 'string' },
  ],
  row: (project) => {
    const phase = text(at(project, 'status', 'phase'));
    return [project.metadata.name, project.metadata.annotations?.[DISPLAY_NAME] ?? '', phase];
  },
};

export function projectApi(client: Client): AggregatedApi {
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
  return {
    group: GROUP,
    version: 'v1',
    resources: [
      { name: 'projects', singularName: 'project', namespaced: false, kind: 'Project', verbs },
      {
        name: 'projectrequests',
        singularName: 'projectrequest',
        namespaced: false,
        kind: 'ProjectRequest',
        verbs: ['create', 'list'],
      },
    ],
    handle: (request) =>
      request.resource === 'projectrequests' ? requestProject(client, request) : projects(client, request),
    tables: { projects: PRINTER },
  };
}

async function requestProject(client: Client, request: ApiRequest): Promise<ApiResponse> {
  // A list only checks whether the user may request projects.
  if (request.verb !== 'create') {
    return { status: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 200 } };
  }
  const { metadata, displayName, description } = fields(request.body);
  const name = text(at(metadata, 'name'));
  const labels = at(metadata, 'labels');
  if (RESERVED.test(name)) {
    const prefix = RESERVED.exec(name)?.[0].slice(0, -1);
    throw new ApiError(
      403,
      'Forbidden',
      `project.project.openshift.io "${name}" is forbidden: cannot request a project starting with "${prefix}-"`,
    );
  }
  const namespace = await createNamespace(client, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      annotations: {
        'openshift.io/description': text(description),
        [DISPLAY_NAME]: text(displayName),
        'openshift.io/requester': request.user.name,
        ...textMap(at(metadata, 'annotations')),
      },
      ...(labels === undefined ? {} : { labels: textMap(labels) }),
    },
  });
  await client.create(ROLE_BINDINGS, {
    apiVersion: ROLE_BINDINGS.apiVersion,
    kind: ROLE_BINDINGS.kind,
    metadata: { name: 'admin', namespace: name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: request.user.name }],
  });
  return { status: 201, body: projectOf(namespace) };
}

async function createNamespace(client: Client, namespace: Namespace): Promise<Namespace> {
  try {
    return await client.create(NAMESPACES, namespace);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { name } = namespace.metadata;
    if (error.reason === 'AlreadyExists')
      throw new ApiError(409, 'AlreadyExists', `project.project.openshift.io "${name}" already exists`);
    throw inTermsOfProjects(error);
  }
}

function inTermsOfProjects(error: ApiError): ApiError {
  const message = error.message
    .replace(/^namespaces /, 'projects.project.openshift.io ')
    .replace(/^Namespace /, 'Project ');
  return new ApiError(error.code, error.reason, message);
}

async function projects(client: Client, request: ApiRequest): Promise<ApiResponse> {
  const { verb, name = '' } = request;
  if (verb === 'list') {
    const { items, resourceVersion } = await client.list(NAMESPACES, selection(request));
    const all = items.map(projectOf);
    const seen = await Promise.all(all.map((project) => maySee(client, request, project.metadata.name)));
    const list = all.filter((_, index) => seen[index]);
    return { body: { apiVersion: API_VERSION, kind: 'ProjectList', metadata: { resourceVersion }, items: list } };
  }
  if (verb === 'watch') return { watch: watchProjects(client, request) };
  try {
    if (verb === 'get') return { body: projectOf(await client.get(NAMESPACES, name)) };
    if (verb === 'delete') {
      await client.delete(NAMESPACES, name);
      return {
        body: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Success',
          details: { name, kind: 'projects', group: GROUP },
        },
      };
    }
    const { body } = request;
    if (verb === 'patch')
      return { body: projectOf(await client.patch(NAMESPACES, name, undefined, body, { type: 'merge' })) };
    const { metadata } = apiObject(body);
    const written = { apiVersion: 'v1', kind: 'Namespace', metadata };
    if (verb === 'create') return { status: 201, body: projectOf(await createNamespace(client, written)) };
    return { body: projectOf(await client.patch(NAMESPACES, name, undefined, written)) };
  } catch (error) {
    throw error instanceof ApiError ? inTermsOfProjects(error) : error;
  }
}

/** A user sees a project if they may get its namespace. The API decides, in the sandbox or on a real cluster. */
async function maySee(client: Client, { user }: ApiRequest, name: string): Promise<boolean> {
  if (user.groups.includes('system:masters')) return true;
  const resourceAttributes = { verb: 'get', group: '', resource: 'namespaces', name, namespace: name };
  return mayUser(client, user, resourceAttributes);
}

function selection(request: ApiRequest): { labelSelector?: string } {
  const labelSelector = request.query.get('labelSelector');
  return labelSelector === null ? {} : { labelSelector };
}

async function* watchProjects(client: Client, request: ApiRequest): AsyncGenerator<WatchEvent<unknown>> {
  const resourceVersion = request.query.get('resourceVersion') ?? '';
  const options = { resourceVersion, signal: request.signal, ...selection(request) };
  for await (const event of client.watch(NAMESPACES, options)) {
    if (event.type === 'ERROR') yield event;
    else if (await maySee(client, request, event.object.metadata.name))
      yield { type: event.type, object: projectOf(event.object) };
  }
}

export function projectOf(namespace: Namespace): AnyObject {
  const { metadata, spec, status } = namespace;
  return { apiVersion: API_VERSION, kind: 'Project', metadata, spec: spec ?? {}, status: status ?? {} };
}

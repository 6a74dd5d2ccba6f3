/** Discovery: groups, versions and resources, as separate documents and as the aggregated one. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { REVIEW_KINDS } from '../registry/builtin.ts';
import type { Registry } from '../registry/registry.ts';
import { byPreference } from '../registry/version-order.ts';
import { noSuchPath } from '../status.ts';
import type { ApiResource } from '../types.ts';
import { replyJson, replyText } from './reply.ts';

interface Group {
  readonly name: string;
  /** In order of preference. */
  readonly versions: string[];
}

/** @returns whether the path is a discovery path, and has been answered. */
export function serveDiscovery(
  registry: Registry,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const parts = path.split('/').filter((part) => part !== '');
  const [root, group, version] = parts;
  if (root !== 'api' && root !== 'apis') return false;
  if (parts.length === 1) {
    const aggregated = /application\/json;g=apidiscovery\.k8s\.io;v=(v2beta1|v2);as=APIGroupDiscoveryList/.exec(
      request.headers.accept ?? '',
    );
    if (aggregated !== null) replyAggregated(registry, root, aggregated[1] ?? 'v2', response);
    else replyJson(response, 200, root === 'api' ? legacyVersions(request) : groupList(registry));
    return true;
  }
  if (root === 'api' && parts.length === 2) return replyResources(registry, '', group ?? '', response);
  if (root === 'apis' && parts.length === 3) return replyResources(registry, group ?? '', version ?? '', response);
  if (root === 'apis' && parts.length === 2) {
    const found = groups(registry).find((one) => one.name === group);
    if (found === undefined) throw noSuchPath();
    replyJson(response, 200, { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(found) });
    return true;
  }
  return false;
}

function legacyVersions(request: IncomingMessage): unknown {
  const serverAddress = request.headers.host ?? '';
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

/** All groups except the core group, in the order of registration. */
function groups(registry: Registry): Group[] {
  const found = new Map<string, Group>();
  const all = [...registry.kinds(), ...REVIEW_KINDS, ...registry.aggregatedApis()];
  for (const { group, version } of all) {
    if (group === '') continue;
    const entry = found.get(group) ?? { name: group, versions: [] };
    if (!entry.versions.includes(version)) entry.versions.push(version);
    found.set(group, entry);
  }
  for (const { versions } of found.values()) versions.sort(byPreference);
  return [...found.values()];
}

function groupDocument({ name, versions }: Group) {
  const documents = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: documents, preferredVersion: documents[0] };
}

function groupList(registry: Registry): unknown {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups(registry).map(groupDocument) };
}

interface Listed extends ApiResource {
  readonly group?: string;
  readonly version?: string;
}

/** The kinds of subresources that accept or return another kind than their resource. */
const SUBRESOURCE_KINDS: Readonly<Record<string, { kind: string; group?: string; version?: string; verbs: string[] }>> =
  {
    scale: { kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'patch', 'update'] },
    binding: { kind: 'Binding', verbs: ['create'] },
    eviction: { kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
    token: { kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1', verbs: ['create'] },
    exec: { kind: 'PodExecOptions', verbs: ['create', 'get'] },
    attach: { kind: 'PodAttachOptions', verbs: ['create', 'get'] },
    portforward: { kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
    log: { kind: 'Pod', verbs: ['get'] },
    finalize: { kind: 'Namespace', verbs: ['update'] },
  };

/** Resources of a group version, subresources after their resource; `undefined` where it is not served. */
export function resourcesOf(registry: Registry, group: string, version: string): Listed[] | undefined {
  const aggregated = registry.aggregated(group, version);
  if (aggregated !== undefined && aggregated.beside !== true) return [...aggregated.resources];
  const resources: Listed[] = [];
  for (const kind of registry.kinds()) {
    if (kind.group !== group || kind.version !== version) continue;
    const { namespaced, shortNames, categories } = kind;
    resources.push({
      name: kind.plural,
      singularName: kind.singular,
      namespaced,
      kind: kind.kind,
      verbs: kind.verbs,
      shortNames,
      categories,
    });
    for (const sub of kind.subresources) {
      const { verbs = ['get', 'patch', 'update'], ...own } = SUBRESOURCE_KINDS[sub] ?? { kind: kind.kind };
      resources.push({ name: `${kind.plural}/${sub}`, singularName: '', namespaced, verbs, ...own });
    }
  }
  for (const kind of REVIEW_KINDS) {
    if (kind.group === group && kind.version === version) {
      resources.push({
        name: kind.plural,
        singularName: kind.kind.toLowerCase(),
        namespaced: kind.namespaced,
        kind: kind.kind,
        verbs: ['create'],
      });
    }
  }
  resources.push(...(aggregated?.resources ?? []));
  return resources.length === 0 ? undefined : resources;
}

function compact(resource: Listed): Record<string, unknown> {
  const { shortNames = [], categories = [], ...rest } = resource;
  return {
    ...rest,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
}

function replyResources(registry: Registry, group: string, version: string, response: ServerResponse): true {
  const resources = resourcesOf(registry, group, version);
  if (resources === undefined) throw noSuchPath();
  const groupVersion = group === '' ? version : `${group}/${version}`;
  replyJson(response, 200, {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: resources.map(compact),
  });
  return true;
}

function replyAggregated(registry: Registry, root: string, version: string, response: ServerResponse): void {
  const listed: Group[] = root === 'api' ? [{ name: '', versions: ['v1'] }] : groups(registry);
  const items = listed.map(({ name, versions }) => ({
    metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
    versions: versions.map((one) => ({
      version: one,
      resources: aggregatedResources(registry, name, one),
      freshness: 'Current',
    })),
  }));
  const body = { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
  replyText(
    response,
    200,
    JSON.stringify(body),
    `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
  );
}

function aggregatedResources(registry: Registry, group: string, version: string): unknown[] {
  const resources = resourcesOf(registry, group, version) ?? [];
  const responseKind = (one: Listed) => ({
    group: one.group ?? group,
    version: one.version ?? version,
    kind: one.kind,
  });
  return resources
    .filter((one) => !one.name.includes('/'))
    .map((one) => ({
      resource: one.name,
      responseKind: responseKind(one),
      scope: one.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: one.singularName,
      verbs: one.verbs,
      ...(one.shortNames === undefined || one.shortNames.length === 0 ? {} : { shortNames: one.shortNames }),
      ...(one.categories === undefined || one.categories.length === 0 ? {} : { categories: one.categories }),
      subresources: resources
        .filter((sub) => sub.name.startsWith(`${one.name}/`))
        .map((sub) => ({
          subresource: sub.name.slice(one.name.length + 1),
          responseKind: responseKind(sub),
          verbs: sub.verbs,
        })),
    }));
}

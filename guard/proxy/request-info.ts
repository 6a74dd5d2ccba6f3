/** What a request to the Kubernetes API is about, from its method and path alone. */

export type Verb = 'read' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'connect';

/** Where an object or a collection is served. */
export interface GroupVersionResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, lower case. */
  readonly resource: string;
  readonly namespace?: string;
}

export interface RequestInfo extends GroupVersionResource {
  readonly verb: Verb;
  readonly name?: string;
  /** `status`, `scale`, `exec` and the like. */
  readonly subresource?: string;
  /** Changes nothing on the cluster: `dryRun`, or a query sent as a POST. */
  readonly harmless: boolean;
  readonly query: URLSearchParams;
}

/** Subresources that act inside a pod, a service or a node. */
const CONNECTING = new Set(['exec', 'attach', 'portforward', 'proxy']);

/** POSTs that only query: the server stores nothing. */
const QUESTIONS = new Set([
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
  'selfsubjectreviews',
  'subjectaccessreviews',
  'localsubjectaccessreviews',
  'localresourceaccessreviews',
  'resourceaccessreviews',
  'subjectrulesreviews',
  'podsecuritypolicyreviews',
  'podsecuritypolicysubjectreviews',
  'podsecuritypolicyselfsubjectreviews',
  'tokenreviews',
  'processedtemplates',
]);

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** @returns undefined if the path names nothing that the Kubernetes API serves as a resource. */
export function requestInfoOf(method: string, address: string): RequestInfo | undefined {
  // Not with `URL`, which resolves `..` where a server may not.
  const [path = '', ...queries] = address.split('?');
  const gvr = readPath(path);
  if (gvr === undefined) return undefined;
  const verb = verbOf(method, gvr);
  if (verb === undefined) return undefined;
  const query = new URLSearchParams(queries.join('?'));
  const dryRun = query.get('dryRun') === 'All';
  const harmless = verb === 'read' || (dryRun && verb !== 'connect') || QUESTIONS.has(gvr.resource);
  return { ...gvr, verb, harmless, query };
}

export function isRead(method: string): boolean {
  return READING.has(method);
}

/** Path of an object, or of a collection if `name` is omitted. */
export function pathOf(gvr: GroupVersionResource, name?: string): string {
  const root = gvr.group === '' ? `/api/${gvr.version}` : `/apis/${gvr.group}/${gvr.version}`;
  const scope = gvr.namespace === undefined ? '' : `/namespaces/${encodeURIComponent(gvr.namespace)}`;
  return `${root}${scope}/${gvr.resource}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** As `kubectl` names it: `deployments.apps "web" in namespace "shop"`. */
export function describeResource(gvr: GroupVersionResource, name?: string): string {
  const kind = gvr.group === '' ? gvr.resource : `${gvr.resource}.${gvr.group}`;
  const named = name === undefined ? kind : `${kind} "${name}"`;
  return gvr.namespace === undefined ? named : `${named} in namespace "${gvr.namespace}"`;
}

function verbOf(method: string, gvr: { name?: string; subresource?: string }): Verb | undefined {
  if (gvr.subresource !== undefined && CONNECTING.has(gvr.subresource)) {
    // A page read through a service or a node changes nothing; a shell in a pod may, even by GET.
    return gvr.subresource === 'proxy' && isRead(method) ? 'read' : 'connect';
  }
  if (isRead(method)) return 'read';
  if (method === 'POST') return gvr.name === undefined ? 'create' : 'update';
  if (method === 'PUT') return 'update';
  if (method === 'PATCH') return 'patch';
  if (method === 'DELETE') return gvr.name === undefined ? 'deletecollection' : 'delete';
  return undefined;
}

function readPath(path: string): (GroupVersionResource & { name?: string; subresource?: string }) | undefined {
  const [, root, ...parts] = path.replace(/\/$/, '').split('/').map(decoded);
  // A path that two servers may read differently must not pass the guard.
  const segments = parts.filter(isPlain);
  if (segments.length < parts.length) return undefined;
  const group = root === 'apis' ? segments.shift() : root === 'api' ? '' : undefined;
  const version = segments.shift();
  if (group === undefined || version === undefined || segments.length === 0) return undefined;
  if (segments[0] === 'watch') segments.shift();
  const namespace = inNamespace(segments) ? segments.splice(0, 2)[1] : undefined;
  const [resource, name, ...below] = segments;
  if (resource === undefined) return undefined;
  return {
    group,
    version,
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(below[0] === undefined ? {} : { subresource: below[0] }),
  };
}

function isPlain(part: string | undefined): part is string {
  return part !== undefined && part !== '' && part !== '.' && part !== '..' && !part.includes('/');
}

/** `namespaces/shop/pods` is about pods, `namespaces/shop` and `namespaces/shop/status` about the namespace. */
function inNamespace(segments: readonly string[]): boolean {
  const [first, , third] = segments;
  return first === 'namespaces' && third !== undefined && third !== 'status' && third !== 'finalize';
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

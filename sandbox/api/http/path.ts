/** Parses URL paths under `/api` and `/apis`. */

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly resource: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** Whether the path has the deprecated `/watch/` prefix. */
  readonly watch: boolean;
}

/** Subresources of a Namespace. Anything else after its name is a resource inside it. */
const OF_NAMESPACE = new Set(['status', 'finalize']);

/** @returns `undefined` when the path does not name a resource. */
export function parsePath(pathname: string): ResourcePath | undefined {
  const parts = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const [root, ...rest] = parts;
  if (root !== 'api' && root !== 'apis') return undefined;
  const [group = '', version] = root === 'api' ? ['', rest.shift()] : [rest.shift(), rest.shift()];
  if (version === undefined) return undefined;
  const watch = rest[0] === 'watch';
  if (watch) rest.shift();
  let namespace: string | undefined;
  if (rest[0] === 'namespaces' && rest.length > 2 && !OF_NAMESPACE.has(rest[2] ?? '')) {
    namespace = rest[1];
    rest.splice(0, 2);
  }
  const [resource, name, ...sub] = rest;
  if (resource === undefined) return undefined;
  return {
    group,
    version,
    namespace,
    resource,
    name,
    subresource: sub.length === 0 ? undefined : sub.join('/'),
    watch,
  };
}

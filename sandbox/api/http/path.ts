/** What a URL path under /api or /apis names. */

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly resource: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** The old `/watch/` form. */
  readonly watch: boolean;
}

/** Subresources of a namespace; anything else after its name is a kind in it. */
const OF_NAMESPACE = new Set(['status', 'finalize']);

/** @returns `undefined` for a path that names no resource. */
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

/**
 * VirtualServices that delegate some of their routes (istiod, `mergeVirtualServicesIfNeeded`): a delegate has no hosts; its routes
 * replace the root's, each with the conditions of both.
 */
import { isVisible } from './hosts.ts';
import type { HttpMatch, HttpRoute, StringMatch, VirtualService } from './virtual-service.ts';

/** @returns the services that have hosts, with their delegates' routes inserted. Routes with a missing delegate are left out. */
export function withDelegates(services: readonly VirtualService[]): readonly VirtualService[] {
  const delegates = new Map(
    services.filter(isDelegate).map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one] as const),
  );
  return services
    .filter((service) => !isDelegate(service))
    .map((service) => {
      if (service.spec.http?.some(({ delegate }) => delegate !== undefined) !== true) return service;
      const http = service.spec.http.flatMap((route) => resolve(route, service, delegates));
      return { ...service, spec: { ...service.spec, http } };
    });
}

function isDelegate({ spec }: VirtualService): boolean {
  return (spec.hosts ?? []).length === 0;
}

function resolve(
  route: HttpRoute,
  root: VirtualService,
  delegates: ReadonlyMap<string, VirtualService>,
): readonly HttpRoute[] {
  if (route.delegate === undefined) return [route];
  const { namespace = '' } = root.metadata;
  const found = delegates.get(`${route.delegate.namespace ?? namespace}/${route.delegate.name}`);
  if (found === undefined || !isVisible(found, namespace)) return [];
  return (found.spec.http ?? []).flatMap((own) => merged(route, own) ?? []);
}

/** Fields that the delegate does not set come from the root. */
function merged({ delegate: _, ...root }: HttpRoute, own: HttpRoute): HttpRoute | undefined {
  const match = matches(root.match ?? [], own.match ?? []);
  if (match === undefined) return undefined;
  const name = [root.name, own.name].filter((part) => part !== undefined && part !== '').join('-');
  return { ...root, ...own, ...(name === '' ? {} : { name }), match };
}

/** @returns undefined if a condition of the delegate contradicts all of the root's. */
function matches(roots: readonly HttpMatch[], own: readonly HttpMatch[]): readonly HttpMatch[] | undefined {
  if (own.length === 0) return roots;
  if (roots.length === 0) return own;
  const pairs = own.map((one) => roots.filter((root) => !contradict(root, one)).map((root) => both(root, one)));
  return pairs.some((pair) => pair.length === 0) ? undefined : pairs.flat();
}

function both(root: HttpMatch, own: HttpMatch): HttpMatch {
  return {
    ...root,
    ...own,
    headers: { ...root.headers, ...own.headers },
    withoutHeaders: { ...root.withoutHeaders, ...own.withoutHeaders },
    queryParams: { ...root.queryParams, ...own.queryParams },
    sourceLabels: { ...root.sourceLabels, ...own.sourceLabels },
  };
}

function contradict(root: HttpMatch, own: HttpMatch): boolean {
  const texts = (['uri', 'scheme', 'method', 'authority'] as const).some((key) => textsContradict(root[key], own[key]));
  const maps = (['headers', 'withoutHeaders', 'queryParams'] as const).some((key) =>
    Object.entries(root[key] ?? {}).some(([name, value]) => textsContradict(value, own[key]?.[name])),
  );
  const differ = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined && a !== b;
  return (
    texts ||
    maps ||
    (root.ignoreUriCase ?? false) !== (own.ignoreUriCase ?? false) ||
    differ(root.port, own.port) ||
    differ(root.sourceNamespace, own.sourceNamespace)
  );
}

/** Regular expressions can't be compared, so they count as contradicting everything. */
function textsContradict(root: StringMatch | undefined, own: StringMatch | undefined): boolean {
  if (root === undefined || own === undefined) return false;
  if (root.regex !== undefined || own.regex !== undefined) return true;
  if (root.exact !== undefined) return own.exact !== root.exact;
  const { prefix } = root;
  if (prefix === undefined) return true;
  return !(own.prefix ?? own.exact ?? '').startsWith(prefix);
}

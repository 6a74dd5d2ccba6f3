/** Filters of a rule, as fields of an Istio route (istiod, `createHeadersFilter` and its siblings). */
import type { HeaderFilter, HttpHeader, RouteFilter } from '../model/gateway-api.ts';
import type { HeaderOperations, Headers, HttpRoute, Mirror, Redirect } from '../model/virtual-service.ts';
import type { Backend } from './backends.ts';
import type { Problem } from './problem.ts';

export interface Filtered {
  readonly fields: Pick<HttpRoute, 'headers' | 'redirect' | 'rewrite' | 'mirrors'>;
  readonly problem?: Problem;
}

type Reference = NonNullable<RouteFilter['requestMirror']>['backendRef'];

/** @param backend resolves a mirror's reference. */
export function filtersOf(filters: readonly RouteFilter[], backend: (reference: Reference) => Backend): Filtered {
  let fields: Filtered['fields'] = {};
  let problem: Problem | undefined;
  const mirrors: Mirror[] = [];
  for (const filter of filters) {
    const { requestMirror, requestRedirect, urlRewrite } = filter;
    if (requestMirror !== undefined) {
      const found = backend(requestMirror.backendRef);
      problem ??= found.problem;
      if (found.problem === undefined) mirrors.push({ destination: found.destination });
    } else if (requestRedirect !== undefined) fields = { ...fields, redirect: redirectOf(requestRedirect) };
    else if (urlRewrite !== undefined) fields = { ...fields, rewrite: rewriteOf(urlRewrite) };
    else if (!isHeaderFilter(filter))
      problem ??= { reason: 'InvalidFilter', message: `unsupported filter type "${filter.type}"` };
  }
  const headers = headersOf(filters);
  return {
    fields: {
      ...fields,
      ...(headers === undefined ? {} : { headers }),
      ...(mirrors.length === 0 ? {} : { mirrors }),
    },
    ...(problem === undefined ? {} : { problem }),
  };
}

/** For a single backend: only its headers can be changed. */
export function backendFilters(filters: readonly RouteFilter[]): {
  readonly headers?: Headers;
  readonly problem?: Problem;
} {
  const headers = headersOf(filters);
  const other = filters.find((filter) => !isHeaderFilter(filter));
  return {
    ...(headers === undefined ? {} : { headers }),
    ...(other === undefined
      ? {}
      : { problem: { reason: 'InvalidFilter', message: `unsupported filter type "${other.type}"` } }),
  };
}

function isHeaderFilter({ type }: RouteFilter): boolean {
  return type === 'RequestHeaderModifier' || type === 'ResponseHeaderModifier';
}

function headersOf(filters: readonly RouteFilter[]): Headers | undefined {
  const request = filters.find(({ requestHeaderModifier }) => requestHeaderModifier !== undefined);
  const response = filters.find(({ responseHeaderModifier }) => responseHeaderModifier !== undefined);
  if (request === undefined && response === undefined) return undefined;
  return {
    ...(request === undefined ? {} : { request: operationsOf(request.requestHeaderModifier ?? {}) }),
    ...(response === undefined ? {} : { response: operationsOf(response.responseHeaderModifier ?? {}) }),
  };
}

function operationsOf({ set = [], add = [], remove = [] }: HeaderFilter): HeaderOperations {
  return { set: byName(set), add: byName(add), remove };
}

/** If a name occurs twice, in any case, the first counts. */
function byName(headers: readonly HttpHeader[]): Readonly<Record<string, string>> {
  const known = new Map<string, HttpHeader>();
  for (const header of headers) if (!known.has(header.name.toLowerCase())) known.set(header.name.toLowerCase(), header);
  return Object.fromEntries([...known.values()].map(({ name, value }) => [name, value]));
}

function redirectOf(filter: NonNullable<RouteFilter['requestRedirect']>): Redirect {
  const { scheme, hostname, path, port, statusCode = 302 } = filter;
  // Without a scheme, the redirect keeps the port of the request.
  const portless: Redirect = { derivePort: scheme === undefined ? 'FROM_REQUEST_PORT' : 'FROM_PROTOCOL_DEFAULT' };
  return {
    redirectCode: statusCode,
    ...(hostname === undefined ? {} : { authority: hostname }),
    ...(scheme === undefined ? {} : { scheme }),
    ...(port === undefined ? portless : { port }),
    ...(path?.replaceFullPath === undefined ? {} : { uri: path.replaceFullPath }),
    ...(path?.replacePrefixMatch === undefined ? {} : { prefixRewrite: path.replacePrefixMatch }),
  };
}

function rewriteOf({ hostname, path }: NonNullable<RouteFilter['urlRewrite']>): NonNullable<HttpRoute['rewrite']> {
  const prefix = path?.replacePrefixMatch?.replace(/\/$/, '');
  return {
    ...(hostname === undefined ? {} : { authority: hostname }),
    ...(prefix === undefined ? {} : { uri: prefix === '' ? '/' : prefix }),
    ...(path?.replaceFullPath === undefined
      ? {}
      : { uriRegexRewrite: { match: '/.*', rewrite: path.replaceFullPath } }),
  };
}

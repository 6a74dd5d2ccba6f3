/**
 * Matches of a virtual service's HTTP route. All conditions of a match must hold; values are compared like Envoy's RE2 and
 * prefixes.
 */

import { at } from '../../../model/fields.ts';
import type { Message } from '../../xds/encode.ts';
import type { HttpMatch, StringMatch } from '../model/virtual-service.ts';

/** In the Gateway API a prefix matches whole segments: `/foo` does not match `/foobar`. */
export type RouteSemantics = 'istio' | 'gateway';

/** @returns Envoy's `RouteMatch`. */
export function routeMatch(match: HttpMatch | undefined, semantics: RouteSemantics = 'istio'): Message {
  if (match === undefined) return { prefix: '/' };
  const headers = [
    ...Object.entries(match.headers ?? {})
      .sort(byName)
      .map(([name, value]) => headerMatch(name, value)),
    ...Object.entries(match.withoutHeaders ?? {})
      .sort(byName)
      .map(([name, value]) => ({
        ...headerMatch(name, value),
        invert_match: true,
        ...(isPresence(value) ? {} : { treat_missing_header_as_empty: true }),
      })),
    ...pseudo(':method', match.method),
    ...pseudo(':authority', match.authority),
    ...pseudo(':scheme', match.scheme),
  ];
  const query = Object.entries(match.queryParams ?? {}).map(([name, value]) => ({
    name,
    ...(isPresence(value) ? { present_match: true } : { string_match: stringMatch(value) }),
  }));
  return {
    ...pathMatch(match.uri, semantics),
    ...(match.ignoreUriCase === true ? { case_sensitive: false } : {}),
    ...(headers.length === 0 ? {} : { headers }),
    ...(query.length === 0 ? {} : { query_parameters: query }),
  };
}

function pathMatch(uri: StringMatch | undefined, semantics: RouteSemantics): Message {
  if (uri?.exact !== undefined) return { path: uri.exact };
  if (uri?.regex !== undefined) return { safe_regex: { regex: uri.regex } };
  const prefix = uri?.prefix ?? '/';
  return semantics === 'gateway' && prefix !== '/' ? { path_separated_prefix: prefix } : { prefix };
}

function headerMatch(name: string, value: StringMatch): Message {
  return isPresence(value) ? { name, present_match: true } : { name, string_match: stringMatch(value) };
}

function pseudo(name: string, value: StringMatch | undefined): readonly Message[] {
  return value === undefined ? [] : [headerMatch(name, value)];
}

/** An empty match, or the pattern `*`, only requires the header. */
function isPresence(value: StringMatch): boolean {
  return value.regex === '*' || (value.exact === undefined && value.prefix === undefined && value.regex === undefined);
}

export function stringMatch(value: StringMatch): Message {
  if (value.exact !== undefined) return { exact: value.exact };
  if (value.prefix !== undefined) return { prefix: value.prefix };
  return { safe_regex: { regex: value.regex ?? '' } };
}

/** A match that every request satisfies ends the list: what follows can't be reached. */
export function isCatchAll(match: HttpMatch | undefined): boolean {
  const { prefix, path, safe_regex, headers, query_parameters } = routeMatch(match);
  if (headers !== undefined || query_parameters !== undefined || path !== undefined) return false;
  return prefix === '/' || at(safe_regex, 'regex') === '.*';
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}

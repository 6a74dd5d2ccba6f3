/** Which of several routes handles a request: the most specific one (Gateway API, `HTTPRouteRule.matches`). */
import type { HttpMatch, HttpRoute } from '../model/virtual-service.ts';

/** The most specific first; equal ones keep their order. */
export function byPrecedence(routes: readonly HttpRoute[]): readonly HttpRoute[] {
  return routes.toSorted((a, b) => compare(a.match?.[0], b.match?.[0]));
}

function compare(a: HttpMatch | undefined, b: HttpMatch | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const [first, second] = [weightsOf(a), weightsOf(b)];
  const index = first.findIndex((weight, at) => weight !== second[at]);
  return index < 0 ? 0 : (second[index] ?? 0) - (first[index] ?? 0);
}

/** In order of precedence: kind and length of the path, method, number of headers, of query parameters. */
function weightsOf({ uri, method, headers = {}, queryParams = {} }: HttpMatch): readonly number[] {
  const path = uri?.exact ?? uri?.prefix ?? uri?.regex ?? '';
  return [
    kindOf(uri),
    path.length,
    Number(method !== undefined),
    Object.keys(headers).length,
    Object.keys(queryParams).length,
  ];
}

function kindOf(uri: HttpMatch['uri']): number {
  if (uri?.exact !== undefined) return 3;
  if (uri?.prefix !== undefined) return 2;
  return uri?.regex === undefined ? 0 : 1;
}

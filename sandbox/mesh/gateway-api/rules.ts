/** Converts rules of an HTTPRoute to Istio's routes, one per match (istiod, `convertHTTPRoute`). */
import { parseGoDuration } from '../../xds/duration.ts';
import type { KubeHttpRoute, NamedMatch, RouteMatch, RouteRule, WeightedBackend } from '../model/gateway-api.ts';
import type { HttpMatch, HttpRoute, StringMatch, WeightedDestination } from '../model/virtual-service.ts';
import { type BackendInputs, backendOf } from './backends.ts';
import { backendFilters, filtersOf } from './filters.ts';
import type { Problem } from './problem.ts';

export interface ConvertedRules {
  readonly routes: readonly HttpRoute[];
  /** The first problem with the rules' references. */
  readonly problem?: Problem;
}

/** @param kind for gateways, or between the Services of the mesh. */
export function rulesOf(route: KubeHttpRoute, kind: 'gateway' | 'mesh', inputs: BackendInputs): ConvertedRules {
  const { metadata, spec } = route;
  const { name, namespace = '' } = metadata;
  const context = { route, needsGrant: kind === 'gateway', inputs };
  const all = (spec.rules ?? []).map((rule, index) => ruleOf(rule, `${namespace}.${name}.${index}`, context));
  // An unknown filter makes the whole route invalid.
  const fatal = all.find(
    ({ problem }) => problem?.reason === 'InvalidFilter' || problem?.reason === 'InvalidDestination',
  );
  if (fatal?.problem !== undefined) return { routes: [], problem: fatal.problem };
  const problem = all.find((one) => one.problem !== undefined)?.problem;
  return { routes: all.flatMap(({ routes }) => routes), ...(problem === undefined ? {} : { problem }) };
}

interface RuleContext {
  readonly route: KubeHttpRoute;
  readonly needsGrant: boolean;
  readonly inputs: BackendInputs;
}

function ruleOf(rule: RouteRule, position: string, context: RuleContext): ConvertedRules {
  const { route, needsGrant, inputs } = context;
  const filtered = filtersOf(rule.filters ?? [], (reference) => backendOf(reference, route, needsGrant, inputs));
  const to = destinationsOf(rule.backendRefs ?? [], context);
  const timeout = timeoutOf(rule.timeouts);
  const common: HttpRoute = {
    name: rule.name ?? position,
    ...filtered.fields,
    ...(timeout === undefined ? {} : { timeout }),
    ...(to.all.length > 0 ? { route: to.all } : {}),
    // Without a backend the answer is 500, as the Gateway API requires.
    ...(to.all.length === 0 && filtered.fields.redirect === undefined ? { directResponse: { status: 500 } } : {}),
  };
  const matches = rule.matches ?? [];
  const routes = matches.length === 0 ? [common] : matches.map((match) => ({ ...common, match: [matchOf(match)] }));
  const problem = filtered.problem ?? to.problem;
  return { routes, ...(problem === undefined ? {} : { problem }) };
}

function destinationsOf(
  references: readonly WeightedBackend[],
  { route, needsGrant, inputs }: RuleContext,
): { readonly all: readonly WeightedDestination[]; readonly problem?: Problem } {
  const found = references
    .filter(({ weight = 1 }) => weight > 0)
    .map(({ weight = 1, filters = [], ...reference }) => {
      const { destination, problem: missing } = backendOf(reference, route, needsGrant, inputs);
      const { headers, problem = missing } = backendFilters(filters);
      return { to: { destination, weight, ...(headers === undefined ? {} : { headers }) }, problem };
    });
  const problem = found.find((one) => one.problem !== undefined)?.problem;
  return { all: found.map(({ to }) => to), ...(problem === undefined ? {} : { problem }) };
}

/** Zero disables it. There are no retries here, so the timeout of one try is that of the request. */
function timeoutOf(timeouts: RouteRule['timeouts']): string | undefined {
  const given = [timeouts?.backendRequest, timeouts?.request].filter((text) => text !== undefined);
  const shortest = given.find((text) => (parseGoDuration(text) ?? 0) > 0);
  return shortest === undefined ? undefined : `${(parseGoDuration(shortest) ?? 0) / 1_000}s`;
}

function matchOf({ path, headers, queryParams, method }: RouteMatch): HttpMatch {
  return {
    uri: uriOf(path),
    ...(method === undefined ? {} : { method: { exact: method } }),
    ...(headers === undefined ? {} : { headers: namedOf(headers, (name) => name.toLowerCase()) }),
    ...(queryParams === undefined ? {} : { queryParams: namedOf(queryParams, (name) => name) }),
  };
}

function uriOf(path: RouteMatch['path']): StringMatch {
  const { type = 'PathPrefix', value = '/' } = path ?? {};
  if (type === 'Exact') return { exact: value };
  if (type === 'RegularExpression') return { regex: value };
  return { prefix: value === '/' ? value : value.replace(/\/$/, '') };
}

/** If a name occurs twice, the first counts. */
function namedOf(matches: readonly NamedMatch[], key: (name: string) => string): Readonly<Record<string, StringMatch>> {
  const known = new Map<string, StringMatch>();
  for (const { type = 'Exact', name, value } of matches) {
    if (!known.has(key(name))) known.set(key(name), type === 'Exact' ? { exact: value } : { regex: value });
  }
  return Object.fromEntries(known);
}

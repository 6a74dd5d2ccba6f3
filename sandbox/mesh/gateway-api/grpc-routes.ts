/**
 * A GRPCRoute as the HTTPRoute that does the same: a call is a request for `/SERVICE/METHOD` (istiod, `createGRPCURIMatch`).
 * Kind, name and status stay the GRPCRoute's.
 */
import type { GrpcMatch, GrpcRule, KubeGrpcRoute, KubeHttpRoute, RouteMatch, RouteRule } from '../model/gateway-api.ts';

export function asHttpRoute({ status, ...route }: KubeGrpcRoute): KubeHttpRoute {
  const { rules = [], ...spec } = route.spec;
  return { ...route, spec: { ...spec, rules: rules.map(ruleOf) }, ...(status === undefined ? {} : { status }) };
}

function ruleOf({ matches = [], ...rule }: GrpcRule): RouteRule {
  return { ...rule, ...(matches.length === 0 ? {} : { matches: matches.map(matchOf) }) };
}

function matchOf({ method, headers }: GrpcMatch): RouteMatch {
  return {
    ...(method === undefined ? {} : { path: pathOf(method) }),
    ...(headers === undefined ? {} : { headers }),
  };
}

function pathOf(asked: NonNullable<GrpcMatch['method']>): NonNullable<RouteMatch['path']> {
  const { type = 'Exact', service, method } = asked;
  // Without a service, every one is meant.
  if (service === undefined) return { type: 'RegularExpression', value: `/[^/]+/${method}` };
  if (type === 'RegularExpression') return { type, value: `/${service}/${method ?? '.+'}` };
  return method === undefined
    ? { type: 'PathPrefix', value: `/${service}/` }
    : { type, value: `/${service}/${method}` };
}

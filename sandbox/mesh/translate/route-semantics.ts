/** Differences of a route that was converted from an HTTPRoute (istiod, `UseGatewaySemantics`). */
import type { Message } from '../../xds/encode.ts';
import type { RouteSemantics } from './route-match.ts';

/** @param action Envoy's `Route` without the match. */
export function withSemantics(action: Message, match: Message, semantics: RouteSemantics): Message {
  const route = action['route'];
  if (semantics === 'istio' || !isMessage(route)) return action;
  const { prefix_rewrite, ...rest } = route;
  const rewritten = prefix_rewrite === '/' ? withoutPrefix(match) : undefined;
  return {
    ...action,
    route: {
      ...rest,
      ...(rewritten ?? (prefix_rewrite === undefined ? {} : { prefix_rewrite })),
      // A missing backend.
      cluster_not_found_response_code: 'INTERNAL_SERVER_ERROR',
    },
  };
}

/** Replacing a prefix with `/` removes it, leaving one slash. */
function withoutPrefix({ path_separated_prefix: prefix }: Message): Message | undefined {
  if (typeof prefix !== 'string') return undefined;
  const literal = prefix.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return { regex_rewrite: { pattern: { regex: `^${literal}(/?)(.*)` }, substitution: '/\\2' } };
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The action of a virtual service's HTTP route: forward, redirect, or answer directly. */

import type { Message } from '../../xds/encode.ts';
import type { HttpRoute, Redirect, WeightedDestination } from '../model/virtual-service.ts';
import { OFFER_NOTHING } from './alpn.ts';
import type { Destinations } from './destinations.ts';
import { perFilter, routeFilters } from './route-filters.ts';
import { forwarding } from './route-forwarding.ts';
import { headerChanges } from './route-headers.ts';

/** @returns Envoy's `Route` without the match. */
export function routeAction(route: HttpRoute, destinations: Destinations): Message {
  // With a single destination its headers apply to the route; with several, each has its own.
  const [only, ...more] = route.route ?? [];
  const { changes, authority } = headerChanges(route.headers, more.length === 0 ? only?.headers : undefined);
  const offer = only !== undefined && more.length === 0 ? offerTo(only, destinations) : {};
  return { ...action(route, destinations, authority), ...changes, ...routeFilters(route, offer) };
}

/** Turns the mesh's ALPN protocols off for a destination outside the mesh. */
function offerTo({ destination }: WeightedDestination, destinations: Destinations): Message {
  const mode = destinations.policy(destination)?.tls?.mode;
  return mode === 'SIMPLE' || mode === 'MUTUAL' ? OFFER_NOTHING : {};
}

function action(route: HttpRoute, destinations: Destinations, authority: string | undefined): Message {
  if (route.redirect !== undefined) return { redirect: redirect(route.redirect, destinations.listenerPort) };
  if (route.directResponse !== undefined) return { direct_response: directResponse(route.directResponse) };
  return { route: { ...target(route.route ?? [], destinations), ...forwarding(route, destinations, authority) } };
}

const LARGEST_SUM = 4_294_967_295;

function target(all: readonly WeightedDestination[], destinations: Destinations): Message {
  const [first] = all;
  // With one destination the weight is ignored; with several, zero means never.
  if (all.length === 1 && first !== undefined) return { cluster: destinations.cluster(first.destination) };
  const weights = all.map(({ weight }) => weight ?? 0);
  // Envoy sums them in 32 bits.
  const scale = Math.max(1, weights.reduce((sum, weight) => sum + weight, 0) / LARGEST_SUM);
  const clusters = all
    .filter(({ weight }) => (weight ?? 0) > 0)
    .map((one) => {
      const { changes, authority } = headerChanges(one.headers);
      const host = authority === undefined ? {} : { host_rewrite_literal: authority };
      return {
        name: destinations.cluster(one.destination),
        weight: Math.floor((one.weight ?? 0) / scale),
        ...changes,
        ...host,
        ...perFilter(offerTo(one, destinations)),
      };
    });
  return { weighted_clusters: { clusters } };
}

function directResponse({ status, body }: NonNullable<HttpRoute['directResponse']>): Message {
  if (body?.string !== undefined) return { status, body: { inline_string: body.string } };
  if (body?.bytes !== undefined) return { status, body: { inline_bytes: body.bytes } };
  return { status };
}

const REDIRECT_CODES: Readonly<Record<number, string>> = {
  301: 'MOVED_PERMANENTLY',
  302: 'FOUND',
  303: 'SEE_OTHER',
  307: 'TEMPORARY_REDIRECT',
  308: 'PERMANENT_REDIRECT',
};

function redirect(settings: Redirect, listenerPort: number): Message {
  const { uri, prefixRewrite, authority, scheme } = settings;
  const port = settings.port ?? (settings.derivePort === 'FROM_REQUEST_PORT' ? listenerPort : undefined);
  // A scheme's default port is omitted.
  const own = (scheme ?? 'http') === 'https' ? 443 : 80;
  return {
    ...(uri === undefined ? {} : { path_redirect: uri }),
    ...(prefixRewrite === undefined ? {} : { prefix_rewrite: prefixRewrite }),
    ...(authority === undefined ? {} : { host_redirect: authority }),
    ...(scheme === undefined ? {} : { scheme_redirect: scheme }),
    ...(port === undefined || port === own ? {} : { port_redirect: port }),
    response_code: REDIRECT_CODES[settings.redirectCode ?? 301] ?? 'MOVED_PERMANENTLY',
  };
}

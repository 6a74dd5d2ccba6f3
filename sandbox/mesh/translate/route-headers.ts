/** Header operations of a route. `Host` and `:authority` are rewritten by the proxy, not set like the others. */

import type { Message } from '../../xds/encode.ts';
import { formatText } from '../model/header-format.ts';
import type { HeaderOperations, Headers } from '../model/virtual-service.ts';

export interface HeaderChanges {
  /** Fields of Envoy's `Route` and `ClusterWeight`. */
  readonly changes: Message;
  /** The new host of the request. */
  readonly authority: string | undefined;
}

/** @param all applied in order. */
export function headerChanges(...all: readonly (Headers | undefined)[]): HeaderChanges {
  const operations = all.flatMap((headers) => (headers === undefined ? [] : [headers]));
  const lists = {
    request_headers_to_add: operations.flatMap(({ request }) => added(request)),
    request_headers_to_remove: operations.flatMap(({ request }) => removed(request)),
    response_headers_to_add: operations.flatMap(({ response }) => added(response)),
    response_headers_to_remove: operations.flatMap(({ response }) => removed(response)),
  };
  const authorities = operations.flatMap(({ request }) => authorityOf(request) ?? []);
  return {
    changes: Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    authority: authorities[0],
  };
}

function added(operations: HeaderOperations | undefined): readonly Message[] {
  const of = (map: HeaderOperations['set'], append_action: string): readonly Message[] =>
    Object.entries(map ?? {})
      .filter(([name]) => !isHost(name))
      .map(([key, value]) => ({ header: { key, value: formatText(value) }, append_action }));
  return [...of(operations?.set, 'OVERWRITE_IF_EXISTS_OR_ADD'), ...of(operations?.add, 'APPEND_IF_EXISTS_OR_ADD')];
}

function removed(operations: HeaderOperations | undefined): readonly string[] {
  return (operations?.remove ?? []).filter((name) => !isHost(name));
}

function authorityOf(operations: HeaderOperations | undefined): string | undefined {
  const of = (map: HeaderOperations['set']): string | undefined =>
    Object.entries(map ?? {}).find(([name]) => isHost(name))?.[1];
  return of(operations?.set) ?? of(operations?.add);
}

/** Headers that Envoy does not let anyone set or remove. */
function isHost(name: string): boolean {
  return name.startsWith(':') || name.toLowerCase() === 'host';
}

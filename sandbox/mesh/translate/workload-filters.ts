/** All filters that traffic passes before it reaches an app or leaves a gateway. */

import type { Resource } from '../../xds/encode.ts';
import { MESH_KINDS } from '../kinds/index.ts';
import type { Filters } from '../kinds/kind.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';

export function workloadFilters(push: PushContext, proxy: ProxyContext): Filters {
  const all = MESH_KINDS.flatMap((kind) => kind.filters?.(push, proxy) ?? []);
  return { http: all.flatMap(({ http }) => http), tcp: all.flatMap(({ tcp }) => tcp) };
}

/** Clusters that these filters ask. */
export function workloadClusters(push: PushContext, proxy: ProxyContext): readonly Resource[] {
  const all = MESH_KINDS.flatMap((kind) => kind.clusters?.(push, proxy) ?? []);
  return [...new Map(all.map((cluster) => [cluster['name'], cluster])).values()];
}

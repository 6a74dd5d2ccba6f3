/** EnvoyFilter: can be made, and has no effect. */

import { type KubeObject, resource } from '../../client/client.ts';
import type { MeshKind } from './kind.ts';

export const ENVOY_FILTER: MeshKind = {
  resource: resource<KubeObject>('networking.istio.io/v1alpha3', 'EnvoyFilter', 'envoyfilters'),
  unsupported: () => ['the sandbox does not apply EnvoyFilters: the proxies keep their configuration'],
};

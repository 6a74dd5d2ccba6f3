/** EnvoyFilter: accepted without effect. */

import { type KubeObject, resource } from '../../client/client.ts';
import { withoutEffect } from '../../fields/support.ts';
import type { MeshKind } from './kind.ts';

export const ENVOY_FILTER: MeshKind = {
  resource: resource<KubeObject>('networking.istio.io/v1alpha3', 'EnvoyFilter', 'envoyfilters'),
  fields: withoutEffect('the proxies keep their configuration'),
};

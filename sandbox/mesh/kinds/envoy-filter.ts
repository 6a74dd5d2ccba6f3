/** EnvoyFilter: validated, without effect. */

import { type KubeObject, resource } from '../../client/client.ts';
import { withoutEffect } from '../../fields/support.ts';
import { requireEnum } from './decoding.ts';
import type { MeshKind } from './kind.ts';

interface ConfigPatch {
  readonly applyTo?: string;
  readonly patch?: { readonly operation?: string; readonly value?: object };
}
interface EnvoyFilter extends KubeObject {
  readonly spec?: { readonly configPatches?: readonly ConfigPatch[] };
}

const TYPE = 'istio.networking.v1alpha3.EnvoyFilter';
const PLACES = [
  ...['INVALID', 'LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER', 'ROUTE_CONFIGURATION', 'VIRTUAL_HOST'],
  ...['HTTP_ROUTE', 'CLUSTER', 'EXTENSION_CONFIG', 'BOOTSTRAP', 'LISTENER_FILTER'],
];
const OPERATIONS = ['INVALID', 'MERGE', 'ADD', 'REMOVE', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST', 'REPLACE'];

export const ENVOY_FILTER: MeshKind<EnvoyFilter> = {
  resource: resource<EnvoyFilter>('networking.istio.io/v1alpha3', 'EnvoyFilter', 'envoyfilters'),
  fields: withoutEffect('the proxies keep their configuration'),
  problems: ({ spec }) => (spec?.configPatches ?? []).flatMap(patchProblems),
};

/** Each says what is missing first, as Istio does. */
function patchProblems({ applyTo = 'INVALID', patch }: ConfigPatch): readonly string[] {
  requireEnum(applyTo, `${TYPE}.ApplyTo`, PLACES);
  requireEnum(patch?.operation, `${TYPE}.Patch.Operation`, OPERATIONS);
  if (applyTo === 'INVALID') return ['Envoy filter: missing applyTo'];
  if (patch === undefined) return ['Envoy filter: missing patch'];
  const { operation = 'INVALID', value } = patch;
  if (operation === 'INVALID') return ['Envoy filter: missing patch operation'];
  return operation !== 'REMOVE' && value === undefined
    ? ['Envoy filter: missing patch value for non-remove operation']
    : [];
}

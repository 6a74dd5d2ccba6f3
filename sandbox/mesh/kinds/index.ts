/** The kinds of the mesh, and the validation of any of their objects. */

import { groupOf } from '../../../model/api-version.ts';
import type { KubeObject } from '../../client/client.ts';
import type { KindSupport } from '../../fields/support.ts';
import { unsupportedFields } from '../../fields/unsupported.ts';
import { AUTHORIZATION_POLICY } from './authorization-policy/index.ts';
import { DecodingError } from './decoding.ts';
import { DESTINATION_RULE } from './destination-rule.ts';
import { ENVOY_FILTER } from './envoy-filter.ts';
import { GATEWAY } from './gateway.ts';
import { GATEWAY_API_FIELDS } from './gateway-api.ts';
import type { MeshKind } from './kind.ts';
import { PEER_AUTHENTICATION } from './peer-authentication.ts';
import { REQUEST_AUTHENTICATION } from './request-authentication.ts';
import { SERVICE_ENTRY } from './service-entry.ts';
import { SIDECAR } from './sidecar.ts';
import { STORED_KINDS } from './stored-kinds.ts';
import { TELEMETRY } from './telemetry.ts';
import { VIRTUAL_SERVICE } from './virtual-service.ts';
import { WORKLOAD_ENTRY } from './workload-entry.ts';

/** The order of these kinds' filters. */
export const MESH_KINDS: readonly MeshKind[] = [
  VIRTUAL_SERVICE,
  DESTINATION_RULE,
  GATEWAY,
  SERVICE_ENTRY,
  SIDECAR,
  WORKLOAD_ENTRY,
  ENVOY_FILTER,
  PEER_AUTHENTICATION,
  REQUEST_AUTHENTICATION,
  AUTHORIZATION_POLICY,
  TELEMETRY,
];

/** For the API server: which of their fields have an effect. */
export const MESH_FIELDS: readonly KindSupport[] = [
  ...MESH_KINDS.map(({ resource, fields }) => ({
    group: groupOf(resource.apiVersion),
    kind: resource.kind,
    plural: resource.plural,
    support: fields,
  })),
  ...GATEWAY_API_FIELDS,
  ...STORED_KINDS,
];

function kindOf({ kind, apiVersion }: KubeObject): MeshKind | undefined {
  const group = groupOf(apiVersion);
  return MESH_KINDS.find(({ resource }) => resource.kind === kind && groupOf(resource.apiVersion) === group);
}

/** @returns Istio's message after `denied the request: `; undefined if the object is valid or not a kind of the mesh. */
export function refusal(object: KubeObject): string | undefined {
  try {
    const problems = kindOf(object)?.problems?.(object) ?? [];
    return problems.length === 0 ? undefined : `configuration is invalid: ${joined(problems)}`;
  } catch (error) {
    if (error instanceof DecodingError) return `error decoding configuration: ${error.message}`;
    throw error;
  }
}

/** @returns what an object requests without effect here, a sentence each. */
export function unsupportedIn(object: KubeObject): readonly string[] {
  const of = kindOf(object);
  if (of === undefined) return [];
  const fields = unsupportedFields({ kind: object.kind, support: of.fields, object, old: undefined });
  return [...fields.map(({ message }) => message), ...unsupportedBeyondFields(object)];
}

/** Like the above, without single fields: the API server warns about those itself. */
export function unsupportedBeyondFields(object: KubeObject): readonly string[] {
  return kindOf(object)?.unsupported?.(object) ?? [];
}

/** In the format of Go's multierror. */
function joined(problems: readonly string[]): string {
  const [first = ''] = problems;
  if (problems.length === 1) return first;
  return `${problems.length} errors occurred:\n${problems.map((problem) => `\t* ${problem}\n`).join('')}\n`;
}

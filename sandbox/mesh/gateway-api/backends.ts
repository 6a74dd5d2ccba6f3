/** Resolves a rule's references (istiod, `buildDestination`). */
import type { BackendReference, KubeHttpRoute } from '../model/gateway-api.ts';
import type { Service } from '../model/kubernetes.ts';
import { serviceHost } from '../model/names.ts';
import type { Destination } from '../model/virtual-service.ts';
import type { Grants } from './grants.ts';
import type { Problem } from './problem.ts';

export interface BackendInputs {
  readonly services: readonly Service[];
  /** Hosts of ServiceEntries that a namespace may call. */
  readonly hasHost: (host: string, namespace: string) => boolean;
  readonly grants: Grants;
}

export interface Backend {
  /** For a missing backend too: requests to it are answered with 500. */
  readonly destination: Destination;
  readonly problem?: Problem;
}

const NOWHERE = 'invalid-backend.invalid';

/**
 * @param route that refers to it.
 * @param needsGrant whether another namespace must allow the reference: not between Services of a mesh.
 */
export function backendOf(
  reference: BackendReference,
  { kind: routeKind, metadata: { namespace = '' } }: Pick<KubeHttpRoute, 'kind' | 'metadata'>,
  needsGrant: boolean,
  inputs: BackendInputs,
): Backend {
  const { group = '', kind = 'Service', name, port } = reference;
  const of = reference.namespace ?? namespace;
  const nowhere = (reason: string, message: string): Backend => ({
    destination: { host: NOWHERE, port: { number: port ?? 80 } },
    problem: { reason, message },
  });
  const from = { kind: routeKind, namespace };
  if (needsGrant && !inputs.grants.allows({ from, to: { kind, namespace: of, name } }))
    return nowhere(
      'RefNotPermitted',
      `backendRef ${name}/${of} not accessible to a ${from.kind} in namespace "${namespace}" (missing a ReferenceGrant?)`,
    );
  const isHost = group === 'networking.istio.io' && kind === 'Hostname';
  if (!isHost && (group !== '' || kind !== 'Service'))
    return nowhere('InvalidKind', `referencing unsupported backendRef: group "${group}" kind "${kind}"`);
  if (!isHost && name.includes('.'))
    return nowhere(
      'InvalidDestination',
      'service name invalid; the name of the Service must be used, not the hostname.',
    );
  const host = isHost ? name : serviceHost(name, of);
  if (port === undefined) return nowhere('InvalidDestination', 'port is required in backendRef');
  const isThere = isHost
    ? inputs.hasHost(host, namespace)
    : inputs.services.some(({ metadata }) => metadata.name === name && metadata.namespace === of);
  const destination = { host, port: { number: port } };
  if (isThere) return { destination };
  return { destination, problem: { reason: 'BackendNotFound', message: `backend(${host}) not found` } };
}

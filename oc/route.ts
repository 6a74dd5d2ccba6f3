/** Routes as `oc expose` and `oc create route` create them from a Service. */

import { at, type Fields, isRecord, listAt, textAt } from '../model/fields.ts';
import { OcError } from './error.ts';
import { getObject, send } from './kubectl.ts';

export interface RouteRequest {
  /** Name of the Route; the Service's name if absent. */
  readonly name: string | undefined;
  readonly service: string;
  /** The name of a Service port, or the number of a pod's port. */
  readonly port: string | undefined;
  readonly hostname: string | undefined;
  readonly path: string | undefined;
  readonly wildcardPolicy: string | undefined;
  /** `oc expose` sets a port even if the Service's only port has no name. */
  readonly alwaysPort: boolean;
  readonly labels?: Fields;
  readonly tls?: Fields;
  /** Options for kubectl. */
  readonly kubectl: readonly string[];
  readonly dryRun: string | undefined;
}

/** @returns kubectl's line about the new Route. @throws {OcError} */
export async function makeRoute(request: RouteRequest): Promise<string> {
  const options = [...request.kubectl, ...(request.dryRun === undefined ? [] : [`--dry-run=${request.dryRun}`])];
  return send('create', await routeFor(request), options);
}

async function routeFor(request: RouteRequest): Promise<Fields> {
  const { service, port, hostname, path, wildcardPolicy, tls } = request;
  if (wildcardPolicy !== undefined && wildcardPolicy !== 'None' && wildcardPolicy !== 'Subdomain')
    throw new OcError('only "Subdomain" or "None" are supported for wildcard-policy');
  const found = await getObject(['service', service, ...request.kubectl]);
  if (found === undefined && port === undefined)
    throw new OcError('you need to provide a route port via --port when exposing a non-existent service');
  const targetPort = port ?? portOf(found, service, request.alwaysPort);
  const labels = { ...labelsOf(found), ...request.labels };
  return {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { name: request.name ?? service, ...(Object.keys(labels).length === 0 ? {} : { labels }) },
    spec: {
      to: { kind: 'Service', name: service },
      ...(hostname === undefined ? {} : { host: hostname }),
      ...(path === undefined ? {} : { path }),
      ...(wildcardPolicy === undefined ? {} : { wildcardPolicy }),
      ...(targetPort === undefined ? {} : { port: { targetPort: numberOr(targetPort) } }),
      ...(tls === undefined ? {} : { tls }),
    },
  };
}

function portOf(service: unknown, name: string, always: boolean): string | undefined {
  const ports = listAt(service, 'spec', 'ports');
  const tcp = ports.find((port) => (textAt(port, 'protocol') ?? 'TCP') === 'TCP');
  if (tcp === undefined) throw new OcError(`service "${name}" doesn't support TCP`);
  const named = textAt(tcp, 'name');
  if (named !== undefined && named !== '') return named;
  return always ? String(at(ports[0], 'targetPort')) : undefined;
}

function labelsOf(service: unknown): Fields {
  const labels = at(service, 'metadata', 'labels');
  return isRecord(labels) ? labels : {};
}

function numberOr(port: string): string | number {
  return /^\d+$/.test(port) ? Number(port) : port;
}

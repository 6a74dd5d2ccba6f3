/** Serves OpenShift's own APIs behind a real kube-apiserver: one server, one Service, an APIService for each group. */

import { selfSigned } from '../../../certificates/self-signed.ts';
import type { Fields } from '../../../model/fields.ts';
import { startAggregatedServer } from '../../api/aggregated-server.ts';
import type { AggregatedApi } from '../../api/types.ts';
import { type Client, type KubeObject, type Resource, resource } from '../../client/client.ts';

const NAMESPACE = 'openshift-apiserver';
const NAME = 'api';
const HOST = `${NAME}.${NAMESPACE}.svc`;
const AVAILABLE_MS = 60_000;

type Any = KubeObject & Record<string, unknown>;
interface ApiService extends KubeObject {
  status?: { conditions?: readonly { type: string; status: string; message?: string }[] };
}
const NAMESPACES = resource<Any>('v1', 'Namespace', 'namespaces', 'cluster');
const SERVICES = resource<Any>('v1', 'Service', 'services');
const ENDPOINTS = resource<Any>('v1', 'Endpoints', 'endpoints');
const API_SERVICES = resource<Any & ApiService>('apiregistration.k8s.io/v1', 'APIService', 'apiservices', 'cluster');

export interface AggregationOptions {
  readonly client: Client;
  /** Not a loopback address: those are not allowed as endpoints. */
  readonly host: string;
  /** PEM of the certificate with which kube-apiserver identifies itself. */
  readonly frontAuthority: string;
  readonly gitVersion: string;
  readonly log: (line: string) => void;
}

/** @returns a function that registers one more API and resolves when kube-apiserver forwards its requests. */
export async function startAggregation(options: AggregationOptions): Promise<(api: AggregatedApi) => Promise<void>> {
  const { client, host } = options;
  const tls = await selfSigned('openshift-apiserver', { type: 'dns', value: HOST });
  const server = await startAggregatedServer({ ...options, tls });
  const caBundle = Buffer.from(tls.cert).toString('base64');
  const create = (of: Resource<Any>, rest: Pick<Any, 'metadata'> & Fields) =>
    client.create(of, { ...rest, apiVersion: of.apiVersion, kind: of.kind, metadata: rest.metadata });
  await create(NAMESPACES, { metadata: { name: NAMESPACE } });
  const ports = [{ name: 'https', port: 443, targetPort: server.port }];
  await create(SERVICES, { metadata: { name: NAME, namespace: NAMESPACE }, spec: { ports } });
  const subsets = [{ addresses: [{ ip: host }], ports: [{ name: 'https', port: server.port }] }];
  await create(ENDPOINTS, { metadata: { name: NAME, namespace: NAMESPACE }, subsets });
  return async (api) => {
    // kube-apiserver serves the CRDs of the group itself, and forwards only whole group versions.
    if (api.beside === true) return;
    server.aggregate(api);
    const name = `${api.version}.${api.group}`;
    const service = { name: NAME, namespace: NAMESPACE, port: 443 };
    const priorities = { groupPriorityMinimum: 1_000, versionPriority: 15 };
    const spec = { group: api.group, version: api.version, service, caBundle, ...priorities };
    await create(API_SERVICES, { metadata: { name }, spec });
    await untilAvailable(client, name);
  };
}

/** @throws if kube-apiserver does not reach the server within a minute. */
async function untilAvailable(client: Client, name: string): Promise<void> {
  const { items, resourceVersion } = await client.list(API_SERVICES);
  const now = items.find(({ metadata }) => metadata.name === name);
  if (now !== undefined && isAvailable(now)) return;
  let last = now;
  const signal = AbortSignal.timeout(AVAILABLE_MS);
  for await (const { type, object } of client.watch(API_SERVICES, { resourceVersion, signal })) {
    if (type === 'ERROR' || object.metadata.name !== name) continue;
    last = object;
    if (isAvailable(object)) return;
  }
  throw new Error(`the API ${name} did not become available: ${JSON.stringify(last?.status)}`);
}

function isAvailable({ status }: ApiService): boolean {
  return status?.conditions?.some((one) => one.type === 'Available' && one.status === 'True') ?? false;
}

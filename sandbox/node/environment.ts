/** The environment of a container: the image's, the Services', the pod's own, with `$(NAME)` expanded. */
import { dirname } from 'node:path';
import type { Client } from '../client/client.ts';
import type { Image } from './images.ts';
import {
  CONFIG_MAPS,
  type Container,
  type Data,
  type EnvVar,
  type KeyRef,
  type Pod,
  SECRETS,
  type Service,
} from './kinds.ts';

/** A ConfigMap, Secret or key is missing: the container waits with this reason. */
export class ConfigError extends Error {}

export type Environment = Record<string, string>;

/** @param services those of the pod's namespace, and `kubernetes`. @throws {ConfigError} */
export async function environmentOf(
  client: Client,
  pod: Pod,
  container: Container,
  image: Image,
  services: readonly Service[],
): Promise<Environment> {
  const path = `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  const base: Environment = { PATH: path, HOSTNAME: pod.spec.hostname ?? pod.metadata.name, HOME: '/tmp' };
  const linked = services.filter((service) => isApi(service) || pod.spec.enableServiceLinks !== false);
  const links = serviceVariables(linked);
  const own: Environment = {};
  for (const source of container.envFrom ?? []) Object.assign(own, await allKeys(client, pod, source));
  for (const variable of container.env ?? []) {
    const value = await variableValue(client, pod, container, variable);
    if (value !== undefined) own[variable.name] = expand(value, { ...links, ...own });
  }
  return { ...base, ...image.env, ...links, ...own };
}

/** The only Service whose address every pod has in its environment. */
function isApi({ metadata }: Service): boolean {
  return metadata.name === 'kubernetes' && metadata.namespace === 'default';
}

/** Replaces `$(NAME)` with the variable's value and `$$` with a dollar sign. Unknown names are left unchanged. */
export function expand(text: string, variables: Readonly<Environment>): string {
  return text.replace(/\$\$|\$\(([^()\s]+)\)/g, (all, name: string | undefined) =>
    name === undefined ? '$' : (variables[name] ?? all),
  );
}

/** `REDIS_MASTER_SERVICE_HOST`, `REDIS_MASTER_PORT_6379_TCP_ADDR`, …: the names of Docker links, which Kubernetes still sets. */
export function serviceVariables(services: readonly Service[]): Environment {
  const variables: Environment = {};
  for (const { metadata, spec } of services) {
    const { clusterIP, ports = [] } = spec;
    const [first] = ports;
    if (!clusterIP || clusterIP === 'None' || first === undefined) continue;
    const name = metadata.name.toUpperCase().replaceAll('-', '_');
    variables[`${name}_SERVICE_HOST`] = clusterIP;
    variables[`${name}_SERVICE_PORT`] = String(first.port);
    const urlOf = (port: { port: number; protocol?: string }) =>
      `${(port.protocol ?? 'TCP').toLowerCase()}://${clusterIP}:${port.port}`;
    variables[`${name}_PORT`] = urlOf(first);
    for (const port of ports) {
      const protocol = port.protocol ?? 'TCP';
      if (port.name)
        variables[`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = String(port.port);
      const prefix = `${name}_PORT_${port.port}_${protocol}`;
      variables[prefix] = urlOf(port);
      variables[`${prefix}_PROTO`] = protocol.toLowerCase();
      variables[`${prefix}_PORT`] = String(port.port);
      variables[`${prefix}_ADDR`] = clusterIP;
    }
  }
  return variables;
}

async function allKeys(
  client: Client,
  pod: Pod,
  source: NonNullable<Container['envFrom']>[number],
): Promise<Environment> {
  const { prefix = '', configMapRef, secretRef } = source;
  const data =
    configMapRef !== undefined
      ? await dataOf(client, 'configmap', pod.metadata.namespace, configMapRef.name, configMapRef.optional)
      : secretRef !== undefined
        ? await dataOf(client, 'secret', pod.metadata.namespace, secretRef.name, secretRef.optional)
        : {};
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [prefix + key, value.toString('utf8')]));
}

async function variableValue(
  client: Client,
  pod: Pod,
  container: Container,
  variable: EnvVar,
): Promise<string | undefined> {
  const from = variable.valueFrom;
  if (from === undefined) return variable.value ?? '';
  if (from.fieldRef !== undefined) return fieldOf(pod, from.fieldRef.fieldPath);
  if (from.resourceFieldRef !== undefined) return resourceOf(container, from.resourceFieldRef.resource);
  const { namespace } = pod.metadata;
  if (from.configMapKeyRef !== undefined) return keyOf(client, 'configmap', namespace, from.configMapKeyRef);
  if (from.secretKeyRef !== undefined) return keyOf(client, 'secret', namespace, from.secretKeyRef);
  return '';
}

async function keyOf(
  client: Client,
  kind: 'configmap' | 'secret',
  namespace: string | undefined,
  ref: KeyRef,
): Promise<string | undefined> {
  const data = await dataOf(client, kind, namespace, ref.name, ref.optional);
  const value = data?.[ref.key];
  if (value !== undefined) return value.toString('utf8');
  if (ref.optional === true) return undefined;
  throw new ConfigError(
    `couldn't find key ${ref.key} in ${kind === 'secret' ? 'Secret' : 'ConfigMap'} ${namespace}/${ref.name}`,
  );
}

/** The data of a ConfigMap or Secret, decoded. @throws {ConfigError} if it is missing and not optional. */
export async function dataOf(
  client: Client,
  kind: 'configmap' | 'secret',
  namespace = '',
  name = '',
  optional = false,
): Promise<Record<string, Buffer> | undefined> {
  const object: Data | undefined = await client.find(kind === 'secret' ? SECRETS : CONFIG_MAPS, name, namespace);
  if (object === undefined) {
    if (optional) return undefined;
    throw new ConfigError(`${kind} "${name}" not found`);
  }
  const encoding = kind === 'secret' ? 'base64' : 'utf8';
  const entries = [
    ...Object.entries(object.data ?? {}).map(([key, value]) => [key, Buffer.from(value, encoding)] as const),
    ...Object.entries(object.binaryData ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')] as const),
  ];
  return Object.fromEntries(entries);
}

/** Fields of the downward API. */
export function fieldOf(pod: Pod, path: string): string {
  const { metadata, spec, status } = pod;
  const keyed = path.match(/^metadata\.(labels|annotations)\['(.+)'\]$/);
  if (keyed !== null) return metadata[keyed[1] === 'labels' ? 'labels' : 'annotations']?.[keyed[2] ?? ''] ?? '';
  const listing = (map: Record<string, string> | undefined) =>
    Object.entries(map ?? {})
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join('\n');
  const fields: Record<string, string | undefined> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'metadata.labels': listing(metadata.labels),
    'metadata.annotations': listing(metadata.annotations),
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName ?? 'default',
    'status.podIP': status?.podIP,
    'status.podIPs': status?.podIP,
    'status.hostIP': status?.hostIP,
  };
  return fields[path] ?? '';
}

/** `limits.cpu` in cores, rounded up; memory in bytes; the node's own if the container sets none. */
export function resourceOf(container: Container, resource: string): string {
  const [kind = '', name = ''] = resource.split('.');
  const own = container.resources?.[kind === 'limits' ? 'limits' : 'requests']?.[name];
  const text = own ?? (name === 'cpu' ? '8' : name === 'memory' ? '32Gi' : '0');
  const [, number = '0', unit = ''] = text.match(/^([0-9.]+)([A-Za-z]*)$/) ?? [];
  const factors: Record<string, number> = { m: 0.001, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, k: 1e3, M: 1e6, G: 1e9 };
  return String(Math.ceil(Number(number) * (factors[unit] ?? 1)));
}

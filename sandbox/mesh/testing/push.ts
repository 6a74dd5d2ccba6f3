import { groupOf } from '../../../model/api-version.ts';
import type { KubeObject, Resource } from '../../client/client.ts';
import { DEPLOYMENTS, type Deployment } from '../../client/kinds.ts';
import { GatewayApi } from '../gateway-api/index.ts';
import { refusal } from '../kinds/index.ts';
import { CONFIG_MAPS, type ConfigMap, meshConfig } from '../model/mesh-config.ts';
import { PushContext } from '../model/push-context.ts';

interface WrittenObject extends KubeObject {
  readonly [field: string]: unknown;
}

/** A mesh of these objects; all their namespaces belong to it except those named. */
export function pushOf(
  root: string,
  objects: readonly (KubeObject | WrittenObject)[],
  outside: readonly string[] = [],
): PushContext {
  const list = <T extends KubeObject>({ kind, apiVersion }: Resource<T>): T[] =>
    objects.filter((object): object is T => object.kind === kind && groupOf(object.apiVersion) === groupOf(apiVersion));
  const includes = (namespace: string): boolean => !outside.includes(namespace);
  const accepts = (rule: KubeObject): boolean => refusal(rule) === undefined;
  return new PushContext({
    root,
    revision: 1,
    settings: meshConfig(
      objects.filter((object): object is ConfigMap => object.kind === CONFIG_MAPS.kind),
      objects.find((object): object is Deployment => object.kind === DEPLOYMENTS.kind),
      '2.0',
    ),
    includes,
    accepts,
    gatewayApi: new GatewayApi({ list }).rules({ includes, accepts }),
    list,
  });
}

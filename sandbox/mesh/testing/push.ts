import type { KubeObject } from '../../client/client.ts';
import { refusal } from '../kinds/index.ts';
import { CONFIG_MAPS, type ConfigMap, meshConfig } from '../model/mesh-config.ts';
import { PushContext } from '../model/push-context.ts';

interface WrittenObject extends KubeObject {
  readonly [field: string]: unknown;
}

/** A mesh of these objects, whose namespaces all belong to it but those that are named. */
export function pushOf(
  root: string,
  objects: readonly (KubeObject | WrittenObject)[],
  outside: readonly string[] = [],
): PushContext {
  return new PushContext({
    root,
    revision: 1,
    settings: meshConfig(
      objects.filter((object): object is ConfigMap => object.kind === CONFIG_MAPS.kind),
      '2.0',
    ),
    includes: (namespace) => !outside.includes(namespace),
    accepts: (rule) => refusal(rule) === undefined,
    list: <T extends KubeObject>({ kind }: { readonly kind: string }) =>
      objects.filter((object): object is T => object.kind === kind),
  });
}

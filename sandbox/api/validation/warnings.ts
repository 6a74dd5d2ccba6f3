/** Warnings about objects that kube-apiserver accepts (pkg/api/pod/warnings.go, pkg/api/service/warnings.go). */
import { at, type Fields, fields, items, records, recordsAt, text } from '../../../model/fields.ts';
import type { ApiObject } from '../types.ts';

/** The path of the pod spec in each kind. */
const PODS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ...Object.fromEntries(
    ['DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'ReplicationController', 'StatefulSet'].map((kind) => [
      kind,
      ['spec', 'template', 'spec'],
    ]),
  ),
};

/** @param object of a built-in kind, with its defaults. */
export function objectWarnings(object: ApiObject): readonly string[] {
  if (object.kind === 'Service') return serviceWarnings(object);
  const place = PODS[object.kind ?? ''];
  return place === undefined ? [] : podWarnings(at(object, ...place), place.join('.'));
}

function serviceWarnings(service: ApiObject): string[] {
  const { clusterIP, loadBalancerIP, externalIPs, sessionAffinity } = fields(service['spec']);
  if (clusterIP !== 'None') return [];
  const ignored = [
    ...(text(loadBalancerIP) === '' ? [] : ['loadBalancerIP']),
    ...(items(externalIPs).length === 0 ? [] : ['externalIPs']),
    ...(sessionAffinity === 'ClientIP' ? ['SessionAffinity'] : []),
  ];
  return ignored.map((field) => `spec.${field} is ignored for headless services`);
}

function podWarnings(spec: unknown, place: string): string[] {
  const grace = at(spec, 'terminationGracePeriodSeconds');
  const negative =
    typeof grace === 'number' && grace < 0
      ? [`${place}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : [];
  const inContainers = ['initContainers', 'containers'].flatMap((list) => {
    const containers = recordsAt(spec, list);
    const variables = containers.flatMap((container, index) =>
      variableWarnings(records(container['env']), `${place}.${list}[${index}]`),
    );
    return [...variables, ...portWarnings(containers, `${place}.${list}`)];
  });
  return [...inContainers, ...negative];
}

function variableWarnings(variables: readonly Fields[], path: string): string[] {
  return variables.flatMap(({ name }, index) =>
    variables.findIndex((other) => other['name'] === name) < index
      ? [`${path}.env[${index}]: hides previous definition of "${text(name)}", which may be dropped when using apply`]
      : [],
  );
}

/** Ports of all containers share the pod's address. */
function portWarnings(containers: readonly Fields[], path: string): string[] {
  const definitions = new Map<string, string>();
  const names = new Map<string, string>();
  return containers.flatMap((container, index) =>
    records(container['ports']).flatMap((port, at) => {
      const here = `${path}[${index}].ports[${at}]`;
      const { containerPort, protocol, hostIP, hostPort, name } = port;
      const key = JSON.stringify([containerPort, protocol ?? 'TCP', hostIP ?? '', hostPort ?? 0]);
      const same = firstUse(definitions, key, here);
      const named = text(name) === '' ? undefined : firstUse(names, text(name), here);
      return [
        ...(same === undefined ? [] : [`${here}: duplicate port definition with ${same}`]),
        ...(named === undefined
          ? []
          : [
              `${here}: duplicate port name "${text(name)}" with ${named}, services and probes that select ports by name will use ${named}`,
            ]),
      ];
    }),
  );
}

/** @returns where the key was used before; undefined for its first use, which is noted. */
function firstUse(uses: Map<string, string>, key: string, here: string): string | undefined {
  const before = uses.get(key);
  if (before === undefined) uses.set(key, here);
  return before;
}

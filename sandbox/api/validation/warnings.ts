/** Warnings about objects that kube-apiserver accepts (pkg/api/pod/warnings.go, pkg/api/service/warnings.go). */
import { at, fields, items, records, recordsAt, text } from '../../../model/fields.ts';
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
  const inContainers = ['initContainers', 'containers'].flatMap((list) =>
    recordsAt(spec, list).flatMap((container, index) => {
      const path = `${place}.${list}[${index}]`;
      return [...variableWarnings(records(container['env']), path), ...portWarnings(records(container['ports']), path)];
    }),
  );
  return [...negative, ...inContainers];
}

function variableWarnings(variables: readonly Record<string, unknown>[], path: string): string[] {
  return variables.flatMap(({ name }, index) =>
    variables.findIndex((other) => other['name'] === name) < index
      ? [`${path}.env[${index}]: hides previous definition of "${text(name)}", which may be dropped when using apply`]
      : [],
  );
}

function portWarnings(ports: readonly Record<string, unknown>[], path: string): string[] {
  const key = ({ containerPort, protocol, hostIP, hostPort }: Record<string, unknown>): string =>
    JSON.stringify([containerPort, protocol ?? 'TCP', hostIP ?? '', hostPort ?? 0]);
  return ports.flatMap((port, index) => {
    const first = ports.findIndex((other) => key(other) === key(port));
    return first < index ? [`${path}.ports[${index}]: duplicate port definition with ${path}.ports[${first}]`] : [];
  });
}

/** Warnings about pods and pod templates that kube-apiserver accepts (pkg/api/pod/warnings.go). */
import { at, records, recordsAt, text } from '../../../model/fields.ts';
import type { ApiObject } from '../types.ts';

/** The path of the pod spec in each kind. */
const PODS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ...Object.fromEntries(
    ['DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'ReplicationController', 'StatefulSet'].map((kind) => [
      kind,
      ['spec', 'template', 'spec'],
    ]),
  ),
};

export function podWarnings(object: ApiObject): readonly string[] {
  const place = PODS[object.kind ?? ''];
  if (place === undefined) return [];
  const spec = at(object, ...place);
  return ['initContainers', 'containers'].flatMap((list) =>
    recordsAt(spec, list).flatMap((container, index) => {
      const path = `${place.join('.')}.${list}[${index}]`;
      return [...variableWarnings(records(container['env']), path), ...portWarnings(records(container['ports']), path)];
    }),
  );
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

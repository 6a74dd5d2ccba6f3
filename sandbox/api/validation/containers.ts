/** Containers of pods, with kube-apiserver's messages. */
import { at, type Fields, fields, isRecord, number, records, recordsAt, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { duplicate, forbiddenField, invalidFor, invalidValue, missing, required, unsupported } from './causes.ts';
import { variableCauses } from './environment.ts';
import { labelNameProblems, portNameProblems, portNumberProblems, variableNameProblems } from './names.ts';
import { lifecycleCauses, probeCauses } from './probes.ts';
import { resourceCauses } from './resources.ts';
import { containerContextCauses } from './security-context.ts';
import { localPathCauses } from './volumes.ts';

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const MESSAGE_POLICIES = ['File', 'FallbackToLogsOnError'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** @param path e.g. `spec`. @param mountable the names of the pod's valid volumes. */
export function containerListCauses(spec: unknown, path: string, mountable: ReadonlySet<string>): StatusCause[] {
  const containers = recordsAt(spec, 'containers');
  if (containers.length === 0) return [required(`${path}.containers`)];
  const names = new Set<string>();
  return [
    ...containers.flatMap((container, index) => {
      const field = `${path}.containers[${index}]`;
      return [
        ...containerCauses(container, field, mountable),
        ...nameTwice(container, field, names),
        ...lifecycleCauses(container['lifecycle'], at(spec, 'terminationGracePeriodSeconds'), `${field}.lifecycle`),
        ...PROBES.flatMap((probe) => probeCauses(container[probe], `${field}.${probe}`)),
      ];
    }),
    ...hostPortCauses(containers, `${path}.containers`),
    ...records(at(spec, 'initContainers')).flatMap((container, index) => {
      const field = `${path}.initContainers[${index}]`;
      return [
        ...containerCauses(container, field, mountable),
        ...nameTwice(container, field, names),
        ...initCauses(container, at(spec, 'terminationGracePeriodSeconds'), field),
      ];
    }),
  ];
}

function nameTwice(container: Fields, field: string, names: Set<string>): StatusCause[] {
  const name = text(container['name']);
  if (names.has(name)) return [duplicate(`${field}.name`, name)];
  names.add(name);
  return [];
}

/** Probes and lifecycle hooks are allowed only in init containers that keep running (native sidecars). */
function initCauses(container: Fields, grace: unknown, field: string): StatusCause[] {
  if (container['restartPolicy'] === 'Always') {
    return [
      ...lifecycleCauses(container['lifecycle'], grace, `${field}.lifecycle`),
      ...PROBES.flatMap((probe) => probeCauses(container[probe], `${field}.${probe}`)),
    ];
  }
  return ['lifecycle', ...PROBES]
    .filter((name) => isRecord(container[name]))
    .map((name) =>
      forbiddenField(`${field}.${name}`, 'may not be set for init containers without restartPolicy=Always'),
    );
}

function containerCauses(container: Fields, field: string, mountable: ReadonlySet<string>): StatusCause[] {
  const name = text(container['name']);
  const messages = text(container['terminationMessagePolicy']);
  const pull = text(container['imagePullPolicy']);
  return [
    ...(name === '' ? [required(`${field}.name`)] : invalidFor(`${field}.name`, name, labelNameProblems(name))),
    ...imageCauses(text(container['image']), `${field}.image`),
    ...(MESSAGE_POLICIES.includes(messages)
      ? []
      : [unsupported(`${field}.terminationMessagePolicy`, messages, MESSAGE_POLICIES)]),
    ...portCauses(container, field),
    ...variableCauses(container, field),
    ...sourceCauses(container, field),
    ...mountCauses(container, field, mountable),
    ...(PULL_POLICIES.includes(pull) ? [] : [unsupported(`${field}.imagePullPolicy`, pull, PULL_POLICIES)]),
    ...resourceCauses(container['resources'], `${field}.resources`),
    ...resizeCauses(container, `${field}.resizePolicy`),
    ...containerContextCauses(container['securityContext'], `${field}.securityContext`),
  ];
}

const RESIZED = ['cpu', 'memory'];
const RESIZES = ['NotRequired', 'RestartContainer'];

function resizeCauses(container: Fields, field: string): StatusCause[] {
  const policies = records(container['resizePolicy']);
  return policies.flatMap(({ resourceName, restartPolicy }, index) => [
    ...(policies.findIndex((one) => one['resourceName'] === resourceName) < index
      ? [duplicate(`${field}[${index}]`, resourceName)]
      : []),
    ...(RESIZED.includes(text(resourceName)) ? [] : [unsupported(field, resourceName, RESIZED)]),
    ...(RESIZES.includes(text(restartPolicy)) ? [] : [unsupported(field, restartPolicy, RESIZES)]),
  ]);
}

function imageCauses(image: string, field: string): StatusCause[] {
  if (image === '') return [required(field)];
  return image.trim() === image ? [] : [invalidValue(field, image, 'must not have leading or trailing whitespace')];
}

function portCauses(container: Fields, path: string): StatusCause[] {
  const names = new Set<string>();
  return records(container['ports']).flatMap((port, index) => {
    const field = `${path}.ports[${index}]`;
    const name = text(port['name']);
    const [number_, host] = [number(port['containerPort']), number(port['hostPort'])];
    const protocol = text(port['protocol']);
    const problems = name === '' ? [] : portNameProblems(name);
    const twice = name !== '' && problems.length === 0 && names.has(name);
    names.add(name);
    return [
      ...invalidFor(`${field}.name`, name, problems),
      ...(twice ? [duplicate(`${field}.name`, name)] : []),
      ...(number_ === 0
        ? [required(`${field}.containerPort`)]
        : invalidFor(`${field}.containerPort`, number_, portNumberProblems(number_))),
      ...(host === 0 ? [] : invalidFor(`${field}.hostPort`, host, portNumberProblems(host))),
      ...(PROTOCOLS.includes(protocol) ? [] : [unsupported(`${field}.protocol`, protocol, PROTOCOLS)]),
    ];
  });
}

function hostPortCauses(containers: readonly Fields[], path: string): StatusCause[] {
  const taken = new Set<string>();
  return containers.flatMap((container, index) =>
    records(container['ports']).flatMap((port, at) => {
      if (number(port['hostPort']) === 0) return [];
      const claim = `${text(port['protocol'])}/${text(port['hostIP'])}/${number(port['hostPort'])}`;
      if (taken.has(claim)) return [duplicate(`${path}[${index}].ports[${at}].hostPort`, claim)];
      taken.add(claim);
      return [];
    }),
  );
}

function sourceCauses(container: Fields, path: string): StatusCause[] {
  return records(container['envFrom']).flatMap((source, index) => {
    const field = `${path}.envFrom[${index}]`;
    const prefix = text(source['prefix']);
    const given = ['configMapRef', 'secretRef'].filter((name) => isRecord(source[name]));
    return [
      ...(prefix === '' ? [] : invalidFor(`${field}.prefix`, prefix, variableNameProblems(prefix))),
      ...given
        .filter((name) => text(fields(source[name])['name']) === '')
        .map((name) => required(`${field}.${name}.name`)),
      ...(given.length === 0
        ? [invalidValue(`${path}.envFrom`, '', 'must specify one of: `configMapRef` or `secretRef`')]
        : []),
      ...(given.length > 1
        ? [invalidValue(`${path}.envFrom`, '', 'may not have more than one field specified at a time')]
        : []),
    ];
  });
}

function mountCauses(container: Fields, path: string, mountable: ReadonlySet<string>): StatusCause[] {
  const points = new Set<string>();
  return records(container['volumeMounts']).flatMap((mount, index) => {
    const field = `${path}.volumeMounts[${index}]`;
    const [name, point, sub] = [text(mount['name']), text(mount['mountPath']), text(mount['subPath'])];
    const twice = points.has(point);
    points.add(point);
    return [
      ...(name === '' ? [required(`${field}.name`)] : []),
      ...(mountable.has(name) ? [] : [missing(`${field}.name`, name)]),
      ...(point === '' ? [required(`${field}.mountPath`)] : []),
      ...(twice ? [invalidValue(`${field}.mountPath`, point, 'must be unique')] : []),
      ...(sub === '' ? [] : localPathCauses(sub, `${path}.volumeMounts.subPath`)),
      ...(mount['mountPropagation'] === 'Bidirectional' && at(container, 'securityContext', 'privileged') !== true
        ? [
            forbiddenField(
              `${path}.volumeMounts.mountPropagation`,
              'Bidirectional mount propagation is available only to privileged containers',
            ),
          ]
        : []),
      ...(sub !== '' && text(mount['subPathExpr']) !== ''
        ? [invalidValue(`${field}.subPathExpr`, mount['subPathExpr'], 'subPathExpr and subPath are mutually exclusive')]
        : []),
    ];
  });
}

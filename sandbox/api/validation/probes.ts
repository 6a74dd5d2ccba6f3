/** Probes and lifecycle hooks of containers. */
import { at, type Fields, isRecord, items, number, records, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { forbiddenField, invalidFor, invalidValue, nonNegative, required, unsupported } from './causes.ts';
import { portNameProblems, portNumberProblems } from './names.ts';

const HEADER = /^[-A-Za-z0-9]+$/;
const HEADER_MESSAGE =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

type HandlerCheck = (handler: Fields, field: string) => StatusCause[];

/** In the order in which kube-apiserver checks them. When several are set, all but the first are refused. */
const HANDLERS: readonly (readonly [name: string, check: HandlerCheck])[] = [
  ['exec', (exec, field) => (items(exec['command']).length === 0 ? [required(`${field}.command`)] : [])],
  ['httpGet', httpGetCauses],
  ['tcpSocket', (tcp, field) => portCauses(tcp['port'], `${field}.port`)],
  ['grpc', (grpc, field) => portCauses(grpc['port'], `${field}.port`)],
  ['sleep', () => []],
];

export function handlerCauses(handlers: Fields, field: string): StatusCause[] {
  const given = HANDLERS.flatMap(([name, check]) => {
    const handler = handlers[name];
    return isRecord(handler) ? [{ name, check, handler }] : [];
  });
  if (given.length === 0) return [required(field, 'must specify a handler type')];
  return given.flatMap(({ name, check, handler }, index) =>
    index > 0
      ? [forbiddenField(`${field}.${name}`, 'may not specify more than 1 handler type')]
      : check(handler, `${field}.${name}`),
  );
}

function httpGetCauses(get: Fields, field: string): StatusCause[] {
  const scheme = text(get['scheme']);
  return [
    ...(text(get['path']) === '' ? [required(`${field}.path`)] : []),
    ...portCauses(get['port'], `${field}.port`),
    ...(['HTTP', 'HTTPS'].includes(scheme) ? [] : [unsupported(`${field}.scheme`, scheme, ['HTTP', 'HTTPS'])]),
    ...records(get['httpHeaders'])
      .map((header) => text(header['name']))
      .filter((name) => !HEADER.test(name))
      .map((name) => invalidValue(`${field}.httpHeaders`, name, HEADER_MESSAGE)),
  ];
}

/** @param port a number, or the name of a container port. */
export function portCauses(port: unknown, field: string): StatusCause[] {
  if (typeof port === 'string') return invalidFor(field, port, portNameProblems(port));
  return invalidFor(field, port ?? 0, portNumberProblems(port));
}

const TIMES = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

/** @param field e.g. `spec.containers[0].livenessProbe`. */
export function probeCauses(probe: unknown, field: string): StatusCause[] {
  if (!isRecord(probe)) return [];
  const isReadiness = field.endsWith('readinessProbe');
  const grace = probe['terminationGracePeriodSeconds'];
  return [
    ...handlerCauses(probe, field),
    ...TIMES.flatMap((name) => nonNegative(`${field}.${name}`, probe[name])),
    ...(typeof grace === 'number' && grace <= 0
      ? [invalidValue(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than 0')]
      : []),
    ...(!isReadiness && number(probe['successThreshold']) !== 1
      ? [invalidValue(`${field}.successThreshold`, number(probe['successThreshold']), 'must be 1')]
      : []),
    ...(isReadiness && grace !== undefined
      ? [invalidValue(`${field}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes')]
      : []),
  ];
}

/** @param grace the pod's `terminationGracePeriodSeconds`. */
export function lifecycleCauses(lifecycle: unknown, grace: unknown, field: string): StatusCause[] {
  return ['postStart', 'preStop'].flatMap((hook) => {
    const handlers = at(lifecycle, hook);
    if (!isRecord(handlers)) return [];
    return [
      ...handlerCauses(handlers, `${field}.${hook}`),
      ...sleepCauses(at(handlers, 'sleep', 'seconds'), grace, `${field}.${hook}.sleep`),
    ];
  });
}

function sleepCauses(seconds: unknown, grace: unknown, field: string): StatusCause[] {
  if (seconds === undefined || typeof grace !== 'number') return [];
  if (number(seconds) >= 0 && number(seconds) <= grace) return [];
  const why = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
  return [invalidValue(field, seconds, why)];
}

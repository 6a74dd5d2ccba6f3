/** Validation of routes' destinations and header operations, with Istio's messages. */
import type { Headers, WeightedDestination } from '../model/virtual-service.ts';
import { formatProblem, hostProblems, portProblems, subsetProblems } from './values.ts';

export function destinationsProblems(destinations: readonly WeightedDestination[]): readonly string[] {
  const sum = destinations.reduce((total, { weight }) => total + (weight ?? 0), 0);
  return [
    ...destinations.flatMap(destinationProblems),
    ...destinations.flatMap(({ weight }) => (weight !== undefined && weight < 0 ? [`weight ${weight} < 0`] : [])),
    ...destinations.flatMap(({ headers }) => headersProblems(headers)),
    ...(destinations.length > 1 && sum === 0 ? [`total destination weight = ${sum}`] : []),
  ];
}

export function destinationProblems({ destination }: Partial<WeightedDestination>): readonly string[] {
  if (destination === undefined) return ['destination is required'];
  const { host, subset, port } = destination;
  return [
    ...(host === undefined || host === '' ? ['destination host is required'] : hostProblems(host)),
    ...(host === '*' ? ['invalid destination host *'] : []),
    ...(subset === undefined || subset === '' ? [] : subsetProblems(subset)),
    ...portProblems(port?.number),
  ];
}

/** A request may get another host; everything else about the host is managed by the proxy. */
export function headersProblems(headers: Headers | undefined): readonly string[] {
  const { request, response } = headers ?? {};
  const changed = [request?.set, request?.add].flatMap((map) => Object.keys(map ?? {}));
  const others = [
    ...(request?.remove ?? []),
    ...[response?.set, response?.add].flatMap((map) => Object.keys(map ?? {})),
    ...(response?.remove ?? []),
  ];
  const values = [request?.set, request?.add, response?.set, response?.add].flatMap((map) => Object.values(map ?? {}));
  return [
    ...changed.flatMap((name) => (isAuthority(name) ? [] : nameProblems(name))),
    ...others.flatMap((name) =>
      name.toLowerCase() === 'host' ? [`invalid header "${name}": cannot set Host header`] : nameProblems(name),
    ),
    ...values.flatMap(valueProblems),
  ];
}

export function isAuthority(name: string): boolean {
  return [':authority', 'host'].includes(name.toLowerCase());
}

/** Names that an HTTP message can't carry are refused here, though Istio leaves that to the proxy. */
function nameProblems(name: string): readonly string[] {
  if (name === '') return ['header name cannot be empty'];
  if (name.startsWith(':')) return [`invalid header "${name}": header cannot have ":" prefix`];
  return /^[-!#$%&'*+.^_`|~0-9a-zA-Z]+$/.test(name) ? [] : [`header name ${name} is not a valid header name`];
}

function valueProblems(value: string): readonly string[] {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return [`header value configuration ${value} is invalid`];
  const problem = formatProblem(value);
  return problem === undefined ? [] : [`header value configuration: ${problem}`];
}

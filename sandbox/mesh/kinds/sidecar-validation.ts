/** Validation of a Sidecar, with Istio's messages. */
import type { Sidecar } from '../model/sidecar.ts';
import { hostProblems, portProblems, protocolProblems, scopeProblems, splitScope } from './values.ts';

type Spec = NonNullable<Sidecar['spec']>;
type Ingress = NonNullable<Spec['ingress']>[number];
type Egress = NonNullable<Spec['egress']>[number];

export function sidecarProblems({ spec }: Sidecar): readonly string[] {
  const { ingress = [], egress = [], outboundTrafficPolicy, inboundConnectionPool } = spec ?? {};
  if (
    ingress.length + egress.length === 0 &&
    outboundTrafficPolicy === undefined &&
    inboundConnectionPool === undefined
  )
    return ['sidecar: empty configuration provided'];
  return [...ingress.flatMap(ingressProblems), ...sharedPorts(ingress), ...egressProblems(egress)];
}

function ingressProblems({ port, defaultEndpoint = '' }: Ingress): readonly string[] {
  if (port === undefined) return ['sidecar: port is required for ingress listeners'];
  return [
    ...protocolProblems(port.protocol),
    ...portProblems(port.number ?? 0),
    ...(defaultEndpoint === '' || defaultEndpoint.startsWith('unix://') ? [] : endpointProblems(defaultEndpoint)),
  ];
}

const HERE = ['', '127.0.0.1', '0.0.0.0', '[::1]', '[::]'];

function endpointProblems(endpoint: string): readonly string[] {
  const colon = endpoint.lastIndexOf(':');
  if (colon < 0) return [`address ${endpoint}: missing port in address`];
  const port = endpoint.slice(colon + 1);
  return [
    ...(HERE.includes(endpoint.slice(0, colon))
      ? []
      : [
          'sidecar: defaultEndpoint must be of form 127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or unset',
        ]),
    ...(/^\d+$/.test(port)
      ? portProblems(Number(port))
      : [`sidecar: defaultEndpoint port (${port}) is not a number: strconv.Atoi: parsing "${port}": invalid syntax`]),
  ];
}

function sharedPorts(
  listeners: readonly { readonly port?: { readonly number?: number } | undefined }[],
): readonly string[] {
  const numbers = listeners.flatMap(({ port }) => (port?.number === undefined ? [] : [port.number]));
  return numbers
    .filter((number, index) => numbers.indexOf(number) !== index)
    .map(() => 'sidecar: ports on IP bound listeners must be unique');
}

function egressProblems(egress: readonly Egress[]): readonly string[] {
  const early = egress.slice(0, -1).filter(({ port }) => port === undefined);
  return [
    ...early.map(() => 'sidecar: the egress listener with empty port should be the last listener in the list'),
    ...sharedPorts(egress),
    ...egress.flatMap(({ hosts = [], port }) => [
      ...(port === undefined ? [] : [...protocolProblems(port.protocol), ...portProblems(port.number ?? 0)]),
      ...(hosts.length === 0
        ? ['sidecar: egress listener must contain at least one host']
        : hosts.flatMap(egressHostProblems)),
    ]),
  ];
}

function egressHostProblems(told: string): readonly string[] {
  const scoped = splitScope(told);
  if (scoped === undefined) return ['host must be of form namespace/dnsName'];
  const [, host] = scoped;
  return [...scopeProblems(scoped, 'sidecar', ['*', '.', '~']), ...(host === '' ? [] : hostProblems(host))];
}

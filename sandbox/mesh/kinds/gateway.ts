/** Gateway: validation with Istio's messages, and what is not supported here. */

import type { FieldSupport } from '../../fields/support.ts';
import { GATEWAYS, type Gateway, type GatewayServer } from '../model/gateway.ts';
import type { MeshKind } from './kind.ts';
import { hostProblems, isProtocol, portProblems, scopeProblems, splitScope } from './values.ts';

const FILES = 'certificates come from the Secret named by credentialName, not from files in the proxy';

const FIELDS: FieldSupport = {
  supported: [
    'spec.selector',
    'spec.servers[].name',
    'spec.servers[].port.number',
    'spec.servers[].port.name',
    'spec.servers[].port.protocol',
    'spec.servers[].hosts',
    'spec.servers[].tls.mode',
    'spec.servers[].tls.httpsRedirect',
    'spec.servers[].tls.credentialName',
  ],
  unsupported: {
    'spec.servers[].tls.serverCertificate': FILES,
    'spec.servers[].tls.privateKey': FILES,
    'spec.servers[].tls.caCertificates': FILES,
  },
};

export const GATEWAY: MeshKind<Gateway> = {
  resource: GATEWAYS,
  fields: FIELDS,
  problems: ({ spec }) => problems(spec ?? {}),
  unsupported: ({ spec }) => spec.servers.flatMap(unsupportedInServer),
};

const KNOWN = 'HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP';

function problems({ servers = [] }: Partial<Gateway['spec']>): readonly string[] {
  if (servers.length === 0) return ['gateway must have at least one server'];
  const names = servers.flatMap(({ port }) => (port?.name === undefined ? [] : [port.name]));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...servers.flatMap(serverProblems),
    ...[...new Set(twice)].map((name) => `port names in servers must be unique: duplicate name ${name}`),
  ];
}

function serverProblems({ port, hosts = [], tls }: Partial<GatewayServer>): readonly string[] {
  const ofPort = serverPortProblems(port);
  return [
    ...(hosts.length === 0 ? ['server config must contain at least one host'] : hosts.flatMap(serverHostProblems)),
    ...ofPort,
    ...tlsProblems(tls),
    ...(ofPort.length > 0 ? [] : protocolProblems(port?.protocol?.toUpperCase() ?? '', tls)),
  ];
}

function serverPortProblems(port: Partial<GatewayServer['port']> | undefined): readonly string[] {
  if (port === undefined) return ['port is required'];
  const { number = 0, name = '', protocol = '' } = port;
  // As Go's protobuf prints the port.
  const printed = `number:${number}${protocol === '' ? '' : `  protocol:"${protocol}"`}`;
  return [
    ...(isProtocol(protocol) ? [] : [`invalid protocol "${protocol}", supported protocols are ${KNOWN}`]),
    ...portProblems(number),
    ...(name === '' ? [`port name must be set: ${printed}`] : []),
  ];
}

function protocolProblems(protocol: string, tls: GatewayServer['tls']): readonly string[] {
  if (protocol === 'HTTPS' || protocol === 'TLS')
    return tls === undefined
      ? ['server must have TLS settings for HTTPS/TLS protocols']
      : tls.httpsRedirect === true
        ? ['tls.httpsRedirect should only be used with http servers']
        : [];
  if (tls === undefined) return [];
  const isHttp = protocol.startsWith('HTTP') || protocol.startsWith('GRPC');
  if (!isHttp) return ['server cannot have TLS settings for non HTTPS/TLS ports'];
  return (tls.mode ?? 'PASSTHROUGH') === 'PASSTHROUGH'
    ? []
    : ['server cannot have TLS settings for plain text HTTP ports'];
}

/** Of the gateway's own TLS. Without a mode it passes TLS through. */
function tlsProblems(tls: GatewayServer['tls']): readonly string[] {
  const { mode = 'PASSTHROUGH', credentialName = '' } = tls ?? {};
  const { serverCertificate = '', privateKey = '', caCertificates = '' } = tls ?? {};
  const given = (what: string, value: string): readonly string[] =>
    value === '' ? [] : [`ISTIO_MUTUAL TLS cannot have associated ${what}`];
  if (mode === 'ISTIO_MUTUAL')
    return [
      ...given('server certificate', serverCertificate),
      ...given('private key', privateKey),
      ...given('CA bundle', caCertificates),
      ...given('credentialName', credentialName),
    ];
  const isMutual = mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL';
  if (!isMutual && mode !== 'SIMPLE') return [];
  if (credentialName !== '')
    return serverCertificate === '' || privateKey === ''
      ? []
      : [
          'only one of credential_name, credential_names, server_certificate/private_key, tls_certificates should be specified',
        ];
  const name = isMutual ? 'MUTUAL TLS' : 'SIMPLE TLS';
  return [
    ...(isMutual && caCertificates === '' ? [`${name} requires a client CA bundle`] : []),
    ...(serverCertificate === '' ? [`${name} requires a server certificate`] : []),
    ...(privateKey === '' ? [`${name} requires a private key`] : []),
  ];
}

function serverHostProblems(offered: string): readonly string[] {
  const scoped = splitScope(offered);
  if (scoped === undefined) return nameProblems(offered);
  return [...scopeProblems(scoped, 'gateway', ['*', '.']), ...nameProblems(scoped[1])];
}

function nameProblems(host: string): readonly string[] {
  const short = host !== '*' && !host.includes('.') ? ['short names (non FQDN) are not allowed'] : [];
  return [...short, ...hostProblems(host)];
}

function unsupportedInServer({ port, tls }: GatewayServer): readonly string[] {
  if (tls === undefined || isServed(tls)) return [];
  const where = `server ${port.name ?? port.number}`;
  return tls.mode === 'AUTO_PASSTHROUGH'
    ? [`${where}: the sandbox does not serve tls mode AUTO_PASSTHROUGH`]
    : [`${where}: the sandbox takes certificates from the Secret named by credentialName, not from files in the proxy`];
}

function isServed({ mode = 'SIMPLE', httpsRedirect, credentialName }: NonNullable<GatewayServer['tls']>): boolean {
  if (mode === 'PASSTHROUGH' || mode === 'ISTIO_MUTUAL' || httpsRedirect === true) return true;
  return mode !== 'AUTO_PASSTHROUGH' && credentialName !== undefined;
}

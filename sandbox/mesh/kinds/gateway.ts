/** Gateway: validation with Istio's messages, and what is not supported here. */

import type { FieldSupport } from '../../fields/support.ts';
import { GATEWAYS, type Gateway, type GatewayServer } from '../model/gateway.ts';
import type { MeshKind } from './kind.ts';
import { hostProblems, portProblems } from './values.ts';

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

const PROTOCOLS = ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'HTTPS', 'TLS', 'TCP', 'MONGO', 'REDIS', 'MYSQL', 'UDP'];

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
  const protocol = port?.protocol?.toUpperCase() ?? '';
  const secure = protocol === 'HTTPS' || protocol === 'TLS';
  return [
    ...(port === undefined ? ['port is required'] : portProblems(port.number)),
    ...(port !== undefined && (port.name ?? '') === '' ? ['port name must be set'] : []),
    ...(port === undefined || PROTOCOLS.includes(protocol) ? [] : [`unsupported protocol: ${port.protocol}`]),
    ...(hosts.length === 0 ? ['server config must contain at least one host'] : hosts.flatMap(serverHostProblems)),
    ...(secure && tls === undefined ? ['server must have TLS settings for HTTPS/TLS protocols'] : []),
    ...(!secure && tls?.mode !== undefined && protocol.startsWith('HTTP')
      ? ['server cannot have TLS settings for plain text HTTP ports']
      : []),
    ...(secure && tls?.httpsRedirect === true ? ['tls.httpsRedirect should only be used with http servers'] : []),
  ];
}

function serverHostProblems(offered: string): readonly string[] {
  const host = offered.slice(offered.indexOf('/') + 1);
  if (host !== '*' && !host.includes('.')) return [`short names (non FQDN) are not allowed in Gateway server hosts`];
  return hostProblems(host);
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

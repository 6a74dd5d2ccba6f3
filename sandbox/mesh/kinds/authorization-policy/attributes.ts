/**
 * Converts what a rule requires of a connection or request to permissions and principals of Envoy's RBAC filter (Istio's
 * pilot/pkg/security/authz/model). Attributes that only HTTP has are undefined for TCP.
 */

import type { Message } from '../../../xds/encode.ts';
import { claim, header, identity, namespaceOf, pathText, range, requestPrincipal, text } from './matchers.ts';

/** @returns the matcher, or undefined if there is no such attribute (HTTP's on TCP). */
export type Attribute = (value: string, http: boolean) => Message | undefined;

const ofHttp =
  (make: (value: string) => Message): Attribute =>
  (value, http) =>
    http ? make(value) : undefined;

/** Envoy's permissions: about the target. */
export const PERMISSIONS: Readonly<Record<string, Attribute>> = {
  hosts: ofHttp((value) => ({ header: header(':authority', value, true) })),
  methods: ofHttp((value) => ({ header: header(':method', value) })),
  paths: ofHttp((value) => ({ url_path: { path: pathText(value) } })),
  ports: (value) => ({ destination_port: Number(value) }),
  'destination.port': (value) => ({ destination_port: Number(value) }),
  'destination.ip': (value) => ({ destination_ip: range(value) }),
  'connection.sni': (value) => ({ requested_server_name: text(value) }),
};

const sourceNamespace: Attribute = (value) => ({ authenticated: { principal_name: namespaceOf(value) } });
const sourcePrincipal: Attribute = (value) => ({ authenticated: { principal_name: identity(value) } });
const sourceIp: Attribute = (value) => ({ direct_remote_ip: range(value) });
const remoteIp: Attribute = (value) => ({ remote_ip: range(value) });
const ofRequest = ofHttp(requestPrincipal);

/** Envoy's principals: about the caller. */
export const PRINCIPALS: Readonly<Record<string, Attribute>> = {
  principals: sourcePrincipal,
  'source.principal': sourcePrincipal,
  namespaces: sourceNamespace,
  'source.namespace': sourceNamespace,
  ipBlocks: sourceIp,
  'source.ip': sourceIp,
  remoteIpBlocks: remoteIp,
  'remote.ip': remoteIp,
  requestPrincipals: ofRequest,
  'request.auth.principal': ofRequest,
  'request.auth.audiences': ofHttp((value) => claim(['aud'], value)),
  'request.auth.presenter': ofHttp((value) => claim(['azp'], value)),
};

/** An attribute that the proxy cannot know: a rule with it never allows. */
const UNKNOWN: Attribute = () => undefined;

/** @param key of a `when`, such as `request.headers[x-tenant]`. */
export function principalOf(key: string): Attribute | undefined {
  const headerName = inBrackets(key, 'request.headers');
  if (headerName !== undefined) return ofHttp((value) => ({ header: header(headerName, value) }));
  const claims = inBrackets(key, 'request.auth.claims');
  if (claims !== undefined) return ofHttp((value) => claim(claims.split(']['), value));
  return PRINCIPALS[key] ?? (key in PERMISSIONS ? undefined : UNKNOWN);
}

function inBrackets(key: string, name: string): string | undefined {
  return key.startsWith(`${name}[`) && key.endsWith(']') ? key.slice(name.length + 1, -1) : undefined;
}

/** RequestAuthentication: a request's token must be valid if it has one; AuthorizationPolicies decide on requests without a token. */

import { isRecord } from '../../../model/fields.ts';
import { type KubeObject, resource } from '../../client/client.ts';
import type { FieldSupport } from '../../fields/support.ts';
import { onlyEndpoint, socketAddress } from '../../xds/address.ts';
import type { Message, Resource } from '../../xds/encode.ts';
import { selects } from '../model/names.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import type { Filters, MeshKind } from './kind.ts';
import { selectorProblems } from './selector.ts';

interface JwtRule {
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  /** The address of the keys, inside the sandbox. */
  readonly jwksUri?: string;
  /** The keys themselves, as JSON. */
  readonly jwks?: string;
  readonly fromHeaders?: readonly { readonly name: string; readonly prefix?: string }[];
  readonly fromParams?: readonly string[];
  readonly outputPayloadToHeader?: string;
  readonly forwardOriginalToken?: boolean;
  readonly outputClaimToHeaders?: readonly { readonly claim?: string; readonly header?: string }[];
}
interface RequestAuthentication extends KubeObject {
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly jwtRules?: readonly JwtRule[];
  };
}

const REQUEST_AUTHENTICATIONS = resource<RequestAuthentication>(
  'security.istio.io/v1beta1',
  'RequestAuthentication',
  'requestauthentications',
);

const FIELDS: FieldSupport = {
  supported: [
    'spec.selector',
    ...[
      ...['issuer', 'audiences', 'jwksUri', 'jwks', 'fromHeaders', 'fromParams'],
      ...['outputPayloadToHeader', 'forwardOriginalToken'],
    ].map((field) => `spec.jwtRules[].${field}`),
  ],
  unsupported: {},
};

export const REQUEST_AUTHENTICATION: MeshKind<RequestAuthentication> = {
  resource: REQUEST_AUTHENTICATIONS,
  fields: FIELDS,
  problems: ({ spec }) => [...selectorProblems(spec?.selector), ...(spec?.jwtRules ?? []).flatMap(ruleProblems)],
  unsupported: ({ spec }) =>
    (spec?.jwtRules ?? []).some(({ jwks, jwksUri }) => jwks === undefined && jwksUri === undefined)
      ? ['jwtRules: the sandbox does not ask an issuer where its keys are: give jwks, or a jwksUri inside the sandbox']
      : [],
  filters: jwtFilters,
  clusters: (push, proxy) =>
    rulesFor(push, proxy).flatMap(({ jwks, jwksUri }) =>
      jwks === undefined && jwksUri !== undefined ? [keyCluster(jwksUri)] : [],
    ),
};

function ruleProblems(rule: JwtRule): readonly string[] {
  const { issuer = '', audiences = [], jwksUri = '', jwks, fromHeaders = [], fromParams = [] } = rule;
  const scheme = /^([a-z][-+.a-z0-9]*):/i.exec(jwksUri)?.[1] ?? '';
  return [
    ...audiences.flatMap((audience) => (audience === '' ? ['audience must be non-empty string'] : [])),
    ...(issuer === '' && jwksUri === '' ? ['issuer or jwksUri must be non-empty string'] : []),
    ...(jwksUri === '' || scheme === 'http' || scheme === 'https' ? [] : [`URI scheme "${scheme}" is not supported`]),
    ...(jwks === undefined || isKeySet(jwks) ? [] : [`jwks parse error: ${whyNoKeySet(jwks)}`]),
    ...fromHeaders.flatMap(({ name }) =>
      (name ?? '') === '' ? ['location header name must be non-empty string'] : [],
    ),
    ...fromParams.flatMap((name) => (name === '' ? ['location query must be non-empty string'] : [])),
    ...(rule.outputClaimToHeaders ?? []).flatMap(({ claim = '', header = '' }) =>
      claim === '' || header === '' ? ['outputClaimToHeaders header and claim value must be non-empty string'] : [],
    ),
  ];
}

function isKeySet(jwks: string): boolean {
  try {
    return isRecord(JSON.parse(jwks));
  } catch {
    return false;
  }
}

function whyNoKeySet(jwks: string): string {
  const first = jwks.trimStart().charAt(0);
  const why =
    first === '' ? 'unexpected end of JSON input' : `invalid character '${first}' looking for beginning of value`;
  return `failed to unmarshal JWK set: ${why}`;
}

const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication';
/** Where the token's claims are stored for the following filters. */
const PAYLOAD = 'payload';

function rulesFor(push: PushContext, { namespace, labels }: ProxyContext): readonly JwtRule[] {
  return push
    .rules(REQUEST_AUTHENTICATIONS)
    .filter(({ metadata }) => metadata.namespace === push.root || metadata.namespace === namespace)
    .filter(({ spec }) => selects(spec?.selector?.matchLabels, labels))
    .flatMap(({ spec }) => spec?.jwtRules ?? []);
}

function jwtFilters(push: PushContext, proxy: ProxyContext): Filters {
  const rules = rulesFor(push, proxy).map(provider);
  if (rules.length === 0) return { http: [], tcp: [] };
  const providers = Object.fromEntries(rules.map((rule, index) => [`origins-${index}`, rule]));
  const typed_config = {
    '@type': TYPE,
    providers,
    rules: [{ match: { prefix: '/' }, requires: requirement(Object.keys(providers)) }],
    bypass_cors_preflight: true,
  };
  return { http: [{ name: 'envoy.filters.http.jwt_authn', typed_config }], tcp: [] };
}

/** For each issuer no token or a valid one; if several issuers use the same location, a valid one of any. */
function requirement(names: readonly string[]): Message {
  const named = names.map((provider_name) => ({ provider_name }));
  const each = named.map((one) => ({ requires_any: { requirements: [one, { allow_missing: {} }] } }));
  const [only, ...more] = each;
  if (only !== undefined && more.length === 0) return only;
  return { requires_any: { requirements: [...named, { requires_all: { requirements: each } }] } };
}

function provider(rule: JwtRule): Message {
  const { issuer = '', audiences = [], fromHeaders = [], fromParams = [] } = rule;
  return {
    issuer,
    audiences,
    forward: rule.forwardOriginalToken ?? false,
    from_headers: fromHeaders.map(({ name, prefix = '' }) => ({ name, value_prefix: prefix })),
    from_params: fromParams,
    ...(rule.outputPayloadToHeader === undefined ? {} : { forward_payload_header: rule.outputPayloadToHeader }),
    payload_in_metadata: PAYLOAD,
    normalize_payload_in_metadata: { space_delimited_claims: ['scope', 'permission'] },
    ...keys(rule),
  };
}

/** Without keys every token is invalid. */
function keys({ jwks, jwksUri }: JwtRule): Message {
  if (jwks !== undefined || jwksUri === undefined) return { local_jwks: { inline_string: jwks ?? '{"keys":[]}' } };
  return {
    remote_jwks: {
      http_uri: { uri: jwksUri, cluster: clusterName(jwksUri), timeout: '5s' },
      cache_duration: '300s',
    },
  };
}

function clusterName(uri: string): string {
  const { hostname, port } = placeOf(uri);
  return `jwks|${port}|${hostname}`;
}

function placeOf(uri: string): { readonly secure: boolean; readonly hostname: string; readonly port: number } {
  const { protocol, hostname, port } = new URL(uri);
  const secure = protocol === 'https:';
  return { secure, hostname, port: port === '' ? (secure ? 443 : 80) : Number(port) };
}

/**
 * Keys are requested as istiod does, from outside the mesh: from any DNS name, without mutual TLS. So a key server that
 * accepts only mutual TLS does not work.
 */
function keyCluster(uri: string): Resource {
  const { secure, hostname, port } = placeOf(uri);
  const name = clusterName(uri);
  return {
    '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
    name,
    type: 'STRICT_DNS',
    dns_lookup_family: 'V4_ONLY',
    connect_timeout: '5s',
    load_assignment: onlyEndpoint(name, socketAddress(hostname, port)),
    ...(secure ? { transport_socket: unverifiedTls(hostname) } : {}),
  };
}

function unverifiedTls(sni: string): Message {
  const typed_config = {
    '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
    common_tls_context: {},
    sni,
  };
  return { name: 'envoy.transport_sockets.tls', typed_config };
}

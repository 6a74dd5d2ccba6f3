/** Validation of an AuthorizationPolicy, with Istio's messages. */

import { isIP } from 'node:net';
import { listAt, textsAt } from '../../../../model/fields.ts';
import { selectorProblems } from '../selector.ts';
import { subnetProblems } from '../values.ts';
import type { AuthorizationPolicy, AuthorizationRule, Operation, Source } from './types.ts';

export function authorizationPolicyProblems({ metadata, spec }: AuthorizationPolicy): readonly string[] {
  const where = `invalid policy ${metadata.name}.${metadata.namespace}:`;
  return [...selectorProblems(spec?.selector), ...specProblems(spec)].map((problem) => `${where} ${problem}`);
}

function specProblems(spec: AuthorizationPolicy['spec']): readonly string[] {
  const { action = 'ALLOW', rules, provider } = spec ?? {};
  const idle = (action === 'DENY' || action === 'CUSTOM') && rules === undefined;
  return [
    ...(idle
      ? [
          `${action} action without \`rules\` is meaningless as it will never be triggered, add an empty rule \`{}\` if you want it be triggered for every request`,
        ]
      : []),
    ...(action === 'CUSTOM' && !idle && (provider?.name ?? '') === '' ? ['`provider.name` must not be empty'] : []),
    ...(action === 'CUSTOM' ? (rules ?? []).flatMap(customProblems) : []),
    ...(action !== 'CUSTOM' && provider !== undefined
      ? [`\`provider\` must not be with non CUSTOM action, found ${action}`]
      : []),
    ...(rules ?? []).flatMap(ruleProblems),
  ];
}

function ruleProblems({ from, to, when = [] }: AuthorizationRule, index: number): readonly string[] {
  const at = `found at rule ${index}`;
  return [
    ...(from ?? []).flatMap(({ source }) =>
      source === undefined ? [`\`from.source\` must not be nil, ${at}`] : sourceProblems(source, at),
    ),
    ...(to ?? []).flatMap(({ operation }) =>
      operation === undefined ? [`\`to.operation\` must not be nil, ${at}`] : operationProblems(operation, at),
    ),
    ...when.flatMap(({ key, values = [], notValues = [] }) => {
      if (key === undefined || key === '') return ['`key` must not be empty'];
      if (values.length + notValues.length === 0)
        return [`at least one of \`values\` or \`notValues\` must be set for key ${key}`];
      const invalid = (which: string, given: readonly string[]): readonly string[] =>
        attributeProblems(key, given).map((problem) => `invalid \`${which}\` for \`key\` ${key}: ${problem}`);
      return [...invalid('value', values), ...invalid('notValue', notValues)];
    }),
  ];
}

/** An external authorizer is asked before identities are known. */
function customProblems({ from = [], when = [] }: AuthorizationRule): readonly string[] {
  const unsupported = (what: string): string => `${what} is currently not supported with CUSTOM action`;
  const kinds = [
    'namespaces',
    'notNamespaces',
    'principals',
    'notPrincipals',
    'requestPrincipals',
    'notRequestPrincipals',
  ];
  return [
    ...from.flatMap(({ source }) =>
      kinds
        .filter((kind) => listAt(source, kind).length > 0)
        .map((kind) => unsupported(`From.${kind.charAt(0).toUpperCase()}${kind.slice(1)}`)),
    ),
    ...when
      .filter(({ key = '' }) => /^(source\.(namespace|principal)$|request\.auth\.)/.test(key))
      .map(({ key }) => unsupported(key)),
  ];
}

function sourceProblems(source: Source, at: string): readonly string[] {
  const { ipBlocks = [], notIpBlocks = [], remoteIpBlocks = [], notRemoteIpBlocks = [] } = source;
  return [
    ...listProblems('from.source', source, at),
    ...[...ipBlocks, ...notIpBlocks, ...remoteIpBlocks, ...notRemoteIpBlocks].flatMap(addressProblems),
  ];
}

function operationProblems(operation: Operation, at: string): readonly string[] {
  const { ports = [], notPorts = [] } = operation;
  return [...listProblems('to.operation', operation, at), ...[...ports, ...notPorts].flatMap(portProblems)];
}

function listProblems(path: string, part: object, at: string): readonly string[] {
  const lists = Object.keys(part).map((key) => [key, textsAt(part, key)] as const);
  if (lists.every(([, values]) => values.length === 0)) return [`\`${path}\` must not be empty, ${at}`];
  return lists
    .filter(([, values]) => values.includes(''))
    .map(([key]) => `empty value not allowed, found in ${key.charAt(0).toUpperCase()}${key.slice(1)}`);
}

const TEXTS = ['source.namespace', 'source.principal', 'connection.sni'];
const AUTH = ['request.auth.principal', 'request.auth.audiences', 'request.auth.presenter'];
const MAPS = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];

function attributeProblems(key: string, values: readonly string[]): readonly string[] {
  if (values.includes('')) return [`empty value not allowed, found in ${key}`];
  if (['source.ip', 'remote.ip', 'destination.ip'].includes(key)) return values.flatMap(addressProblems);
  if (key === 'destination.port') return values.flatMap(portProblems);
  if ([...TEXTS, ...AUTH].includes(key)) return [];
  if (MAPS.some((name) => key.startsWith(name)))
    return /^[^[]+\[.+\]$/.test(key) ? [] : [`bad key (${key}): should have format a[b]`];
  return [`unknown attribute: ${key}`];
}

function addressProblems(block: string): readonly string[] {
  if (subnetProblems(block).length === 0) return [];
  const [address = '', length] = block.split('/');
  if (length === undefined) return [`bad IP address (${block})`];
  // As Go's netip says it, where the address itself is right.
  const why =
    isIP(address) !== 0 && /^\d+$/.test(length) ? 'prefix length out of range' : `bad bits after slash: "${length}"`;
  return [`bad CIDR range (${block}): netip.ParsePrefix("${block}"): ${why}`];
}

function portProblems(port: string): readonly string[] {
  if (!/^\d+$/.test(port)) return [`bad port (${port}): strconv.ParseUint: parsing "${port}": invalid syntax`];
  // Go prints the error that is none.
  return Number(port) <= 65_535 ? [] : [`bad port (${port}): <nil>`];
}

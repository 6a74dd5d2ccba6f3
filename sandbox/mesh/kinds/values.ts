/** Validation of single values: hosts, durations, percentages, subsets. Each function returns the problems found. */

import { isIP } from 'node:net';
import { parseGoDuration } from '../../xds/duration.ts';
import { undecodableDuration } from './decoding.ts';
import { re2Problem } from './re2.ts';

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const SUBSET = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*)$/;

export function isDnsLabel(name: string): boolean {
  return LABEL.test(name);
}

/** A DNS name, whose first part may be `*`. */
export function hostProblems(host: string): readonly string[] {
  if (host === '*' || ADDRESS.test(host)) return [];
  const name = host.replace(/^\*[.-]?/, '');
  if (host.length > 255) return [`domain name "${host}" too long (max 255)`];
  const [first = '', ...rest] = labelsOf(name);
  if (!isDnsLabel(first)) return [invalidDomain(host, first)];
  const wrong = rest.find((label) => !isDnsLabel(label));
  // Istio validates what follows the first part on its own, and names it alone.
  return wrong === undefined ? [] : [invalidDomain(host.slice(host.indexOf('.') + 1), wrong)];
}

/** A DNS name without wildcards. */
export function fqdnProblem(host: string): string | undefined {
  const wrong = labelsOf(host).find((label) => !isDnsLabel(label));
  return wrong === undefined ? undefined : invalidDomain(host, wrong);
}

function labelsOf(host: string): readonly string[] {
  return host.replace(/\.$/, '').split('.');
}

function invalidDomain(host: string, label: string): string {
  return `domain name "${host}" invalid (label "${label}" invalid)`;
}

/** `shop/web` as namespace and name; undefined if no namespace is named. */
export function splitScope(scoped: string): readonly [namespace: string, name: string] | undefined {
  const slash = scoped.indexOf('/');
  return slash < 0 ? undefined : [scoped.slice(0, slash), scoped.slice(slash + 1)];
}

/**
 * The namespace of a host in a Gateway's server or a Sidecar's listener.
 * @param words that stand for namespaces, such as `*`.
 */
export function scopeProblems(
  [namespace, host]: readonly [namespace: string, host: string],
  where: 'gateway' | 'sidecar',
  words: readonly string[],
): readonly string[] {
  return [
    ...(namespace === '' || host === '' ? ['config namespace and dnsName in host entry cannot be empty'] : []),
    ...(['', ...words].includes(namespace) || isDnsLabel(namespace)
      ? []
      : [`invalid namespace value "${namespace}" in ${where}`]),
  ];
}

const PROTOCOLS = ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'HTTPS', 'TLS', 'TCP', 'MONGO', 'REDIS', 'MYSQL', 'UDP'];

/** @returns whether istiod knows the protocol, in any case. */
export function isProtocol(protocol: string): boolean {
  return PROTOCOLS.includes(protocol.toUpperCase());
}

/** Without a protocol it is detected. */
export function protocolProblems(protocol: string | undefined): readonly string[] {
  return protocol === undefined || protocol === '' || isProtocol(protocol) ? [] : [`unsupported protocol: ${protocol}`];
}

/** Go's durations: `1.5s`, `1m30s`, `100ms`. @throws {DecodingError} */
export function durationProblems(duration: string | undefined): readonly string[] {
  if (duration === undefined) return [];
  const ms = parseGoDuration(duration);
  if (ms === undefined) return undecodableDuration(duration);
  if (ms < 1) return ['duration must be greater than 1ms'];
  return Number.isInteger(Math.round(ms * 1e6) / 1e6) ? [] : ['only durations to ms precision are supported'];
}

/** A share with decimals, as in a fault's `percentage`. */
export function fractionProblems(value: number | undefined): readonly string[] {
  return value === undefined || value === 0 || (value >= 0.0001 && value <= 100)
    ? []
    : [`percentage ${value} is neither 0.0, nor in range [0.0001, 100.0]`];
}

export function percentProblems(value: number | undefined): readonly string[] {
  return value === undefined || (value >= 0 && value <= 100) ? [] : [`percentage ${value} is not in range 0..100`];
}

export function portProblems(port: number | undefined): readonly string[] {
  return port === undefined || (port >= 1 && port <= 65_535)
    ? []
    : [`port number ${port} must be in the range 1..65535`];
}

export function subsetProblems(name: string): readonly string[] {
  if (name === '') return ['subset name cannot be empty'];
  return SUBSET.test(name) ? [] : [`subset name is invalid: ${name}`];
}

export function statusProblems(status: number | undefined): readonly string[] {
  return status === undefined || (status >= 200 && status <= 599)
    ? []
    : [`HTTP status ${status} is not in range 200-599`];
}

export function nonNegative(value: number | undefined, what: string): readonly string[] {
  return value !== undefined && value < 0 ? [`${what} must be non-negative`] : [];
}

type Match = { readonly prefix?: string; readonly regex?: string } | undefined;

export function stringMatchProblems(match: Match, where: string): readonly string[] {
  if (match?.prefix === '') return [`"${where}": prefix string match should not be empty`];
  // `*` matches presence.
  return match?.regex === '*' ? [] : regexProblems(match, where);
}

export function regexProblems(match: Match, where: string): readonly string[] {
  if (match?.regex === undefined) return [];
  if (match.regex === '') return [`"${where}": regex string match should not be empty`];
  if (match.regex.length > 1024) return [`"${where}": regex is too large, max length allowed is 1024`];
  const problem = re2Problem(match.regex);
  return problem === undefined
    ? []
    : [`"${where}": ${problem}; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)`];
}

/** @returns problems with percent signs in a header's value. */
export function formatProblem(value: string): string | undefined {
  const bare = value.replaceAll('%%', '').replace(/%[^%()]*(\([^()]*\)(:\d+)?)?%/g, '');
  if (!bare.includes('%')) return undefined;
  return bare.endsWith('%')
    ? 'invalid header configuration. Un-escaped %'
    : 'invalid header configuration. Un-terminated variable expression';
}

/** An address, or a range of addresses. */
export function subnetProblems(address: string): readonly string[] {
  const [ip = '', length, ...more] = address.split('/');
  const family = isIP(ip);
  if (length === undefined) return family === 0 ? [`${address} is not a valid IP`] : [];
  const fits = /^\d{1,3}$/.test(length) && Number(length) <= (family === 6 ? 128 : 32);
  return family !== 0 && fits && more.length === 0 ? [] : [`invalid CIDR address: ${address}`];
}

/** Whether one of two hosts includes the other. */
export function overlap(a: string, b: string): boolean {
  if (a === b) return true;
  const within = (pattern: string, host: string): boolean => pattern.startsWith('*') && host.endsWith(pattern.slice(1));
  return within(a, b) || within(b, a);
}

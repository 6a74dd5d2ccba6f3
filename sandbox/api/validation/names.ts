/** Formats of names (apimachinery, util/validation). Each function returns the messages for what is wrong. */
import { isIP } from 'node:net';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const SUBDOMAIN_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_MESSAGE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_1035_MESSAGE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const LABEL_VALUE_MESSAGE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const QUALIFIED_MESSAGE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const QUALIFIED_SHAPE =
  "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
const CONFIG_KEY_MESSAGE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const WILDCARD_MESSAGE =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

function noLongerThan(value: string, characters: number): string[] {
  return value.length > characters ? [`must be no more than ${characters} characters`] : [];
}

export function labelNameProblems(value: string): string[] {
  const why = SUBDOMAIN.test(value) ? 'must not contain dots' : LABEL_MESSAGE;
  return [...noLongerThan(value, 63), ...(LABEL.test(value) ? [] : [why])];
}

/** Names of Services. */
export function label1035Problems(value: string): string[] {
  return [...noLongerThan(value, 63), ...(LABEL_1035.test(value) ? [] : [LABEL_1035_MESSAGE])];
}

export function subdomainProblems(value: string): string[] {
  return [...noLongerThan(value, 253), ...(SUBDOMAIN.test(value) ? [] : [SUBDOMAIN_MESSAGE])];
}

/** `*.example.com`. */
export function wildcardProblems(value: string): string[] {
  const rest = value.startsWith('*.') ? value.slice(2) : '';
  return [...noLongerThan(value, 253), ...(SUBDOMAIN.test(rest) ? [] : [WILDCARD_MESSAGE])];
}

/** Keys of labels and annotations: `example.com/name`. */
export function qualifiedNameProblems(value: string): string[] {
  const parts = value.split('/');
  if (parts.length > 2) return [QUALIFIED_SHAPE];
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? (parts[0] ?? '') : undefined;
  const prefixed =
    prefix === undefined
      ? []
      : prefix === ''
        ? ['prefix part must be non-empty']
        : subdomainProblems(prefix).map((why) => `prefix part ${why}`);
  if (name === '') return [...prefixed, 'name part must be non-empty', QUALIFIED_MESSAGE];
  return [
    ...prefixed,
    ...(name.length > 63 ? ['name part must be no more than 63 characters'] : []),
    ...(QUALIFIED.test(name) ? [] : [QUALIFIED_MESSAGE]),
  ];
}

export function labelValueProblems(value: string): string[] {
  return [...noLongerThan(value, 63), ...(value === '' || QUALIFIED.test(value) ? [] : [LABEL_VALUE_MESSAGE])];
}

/** Names of container ports, as probes and Services use them. */
export function portNameProblems(value: string): string[] {
  const problems = value.length > 15 ? ['must be no more than 15 characters'] : [];
  if (!/^[-a-z0-9]+$/.test(value))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) problems.push('must contain at least one letter (a-z)');
  if (value.includes('--')) problems.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
}

export function portNumberProblems(value: unknown): string[] {
  const valid = typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
  return valid ? [] : ['must be between 1 and 65535, inclusive'];
}

export function variableNameProblems(value: string): string[] {
  return /^[\x20-\x3c\x3e-\x7e]+$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** Keys of ConfigMaps and Secrets. */
export function configKeyProblems(value: string): string[] {
  if (value === '.') return ["must not be '.'"];
  if (value === '..') return ["must not be '..'"];
  if (value.startsWith('..')) return ["must not start with '..'"];
  return [...noLongerThan(value, 253), ...(/^[-._a-zA-Z0-9]+$/.test(value) ? [] : [CONFIG_KEY_MESSAGE])];
}

/** Names that may be any single path segment, as those of roles. */
export function pathSegmentProblems(value: string): string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%']
    .filter((character) => value.includes(character))
    .map((character) => `may not contain '${character}'`);
}

export function ipProblems(value: string): string[] {
  return isIP(value) === 0 ? ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'] : [];
}

const PATH_MESSAGE = "Invalid path (e.g. regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";

/** `acme.io/foo`, as controllers and Ingress classes are named. */
export function domainPathProblems(value: string): string[] {
  const slash = value.indexOf('/');
  const [host, path] = [value.slice(0, Math.max(slash, 0)), value.slice(slash + 1)];
  if (host === '' || path === '') return ['must be a domain-prefixed path (such as "acme.io/foo")'];
  return [...subdomainProblems(host), ...(/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(path) ? [] : [PATH_MESSAGE])];
}

/** `10.9.8.0/24`. */
export function cidrProblems(value: string): string[] {
  const [address = '', bits = '', more] = value.split('/');
  const family = isIP(address);
  const valid = more === undefined && family !== 0 && /^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  return valid ? [] : ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];
}

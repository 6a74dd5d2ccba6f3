/** Istio's patterns (`exact`, `prefix*`, `*suffix`, `*` for presence) as Envoy's matchers. */
import type { Message } from '../../../xds/encode.ts';

const ANY_TEXT = { safe_regex: { regex: '.+' } };
const SPIFFE = 'spiffe://';

export function text(pattern: string, ignoreCase = false): Message {
  if (pattern === '*') return ANY_TEXT;
  const ignore = ignoreCase ? { ignore_case: true } : {};
  if (pattern.startsWith('*')) return { suffix: pattern.slice(1), ...ignore };
  if (pattern.endsWith('*')) return { prefix: pattern.slice(0, -1), ...ignore };
  return { exact: pattern, ...ignore };
}

/** Paths may contain `{*}` for one segment and `{**}` for any number of segments. */
export function pathText(pattern: string): Message {
  if (!/\{\*\*?\}/.test(pattern)) return text(pattern);
  const parts = pattern.split(/(\{\*\*?\})/).map((part) => TEMPLATES[part] ?? literal(part));
  return { safe_regex: { regex: parts.join('') } };
}
const TEMPLATES: Readonly<Record<string, string>> = { '{*}': '[^/]+', '{**}': '.*' };

/** @param pattern an identity without its scheme: `cluster.local/ns/shop/sa/web`. */
export function identity(pattern: string): Message {
  if (pattern === '*') return ANY_TEXT;
  if (pattern.startsWith('*')) return { safe_regex: { regex: `${SPIFFE}.*${literal(pattern.slice(1))}` } };
  return text(`${SPIFFE}${pattern}`);
}

/** The namespace in an identity. */
export function namespaceOf(pattern: string): Message {
  return { safe_regex: { regex: `.*/ns/${pattern.split('*').map(literal).join('.*')}/.*` } };
}

export function header(name: string, pattern: string, ignoreCase = false): Message {
  if (pattern === '*') return { name, present_match: true };
  return { name, string_match: text(pattern, ignoreCase) };
}

/** @param block `10.1.2.3` or `10.1.0.0/16`. */
export function range(block: string): Message {
  const [address = '', length] = block.split('/');
  const whole = address.includes(':') ? 128 : 32;
  return { address_prefix: address, prefix_len: length === undefined ? whole : Number(length) };
}

/** A claim of the token, from the metadata of the filter before: a string, or a list that contains it. */
export function claim(path: readonly string[], pattern: string): Message {
  const value = { string_match: text(pattern) };
  const of = (matcher: Message): Message => ({
    metadata: {
      filter: 'envoy.filters.http.jwt_authn',
      path: ['payload', ...path].map((key) => ({ key })),
      value: matcher,
    },
  });
  return { or_ids: { ids: [of(value), of({ list_match: { one_of: value } })] } };
}

/** `issuer/subject`, each of which may contain a `*`. */
export function requestPrincipal(pattern: string): Message {
  const slash = pattern.lastIndexOf('/');
  const [issuer, subject] = slash < 0 ? ['*', pattern] : [pattern.slice(0, slash), pattern.slice(slash + 1)];
  return { and_ids: { ids: [claim(['iss'], issuer), claim(['sub'], subject)] } };
}

function literal(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

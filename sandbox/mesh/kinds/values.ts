/** Words on single values: hosts, durations, percentages, subsets. Each answers with the problems found. */

import { milliseconds } from '../../xds/duration.ts';
import { re2Problem } from './re2.ts';

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const SUBSET = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*)$/;

/** A DNS name, of which the first part may be `*`. */
export function hostProblems(host: string): readonly string[] {
  if (host === '*' || ADDRESS.test(host)) return [];
  const name = host.replace(/^\*[.-]?/, '');
  if (host.length > 255) return [`domain name "${host}" too long (max 255)`];
  const parts = name.replace(/\.$/, '').split('.');
  return parts.every((part) => LABEL.test(part))
    ? []
    : [`domain name "${host}" invalid (label "${parts.find((part) => !LABEL.test(part)) ?? ''}" invalid)`];
}

/** Go's durations: `1.5s`, `1m30s`, `100ms`. */
export function durationProblems(duration: string | undefined): readonly string[] {
  if (duration === undefined) return [];
  const ms = milliseconds(duration);
  if (ms === undefined) return [`time: invalid duration "${duration}"`];
  if (ms < 1) return ['duration must be greater than 1ms'];
  return Number.isInteger(Math.round(ms * 1e6) / 1e6) ? [] : ['only durations to ms precision are supported'];
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

export function stringMatchProblems(
  match: { readonly prefix?: string; readonly regex?: string } | undefined,
  where: string,
): readonly string[] {
  if (match?.prefix === '') return [`"${where}": prefix string match should not be empty`];
  // `*` stands for presence.
  if (match?.regex === undefined || match.regex === '*') return [];
  const problem = re2Problem(match.regex);
  return problem === undefined
    ? []
    : [`"${where}": ${problem}; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)`];
}

/** Of two hosts, whether one says what the other says too. */
export function overlap(a: string, b: string): boolean {
  if (a === b) return true;
  const within = (pattern: string, host: string): boolean => pattern.startsWith('*') && host.endsWith(pattern.slice(1));
  return within(a, b) || within(b, a);
}

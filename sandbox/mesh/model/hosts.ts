/** Which rule applies to which host, and where a rule is exported. */

/** `*.shop.svc.cluster.local` matches that suffix; `*` matches everything. */
export function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern === host) return true;
  return pattern.startsWith('*') && host.endsWith(pattern.slice(1));
}

/** @returns the most specific matching pattern: the host itself, else the longest wildcard. */
export function mostSpecific(patterns: Iterable<string>, host: string): string | undefined {
  let best: string | undefined;
  for (const pattern of patterns) {
    if (pattern === host) return pattern;
    if (!hostMatches(pattern, host)) continue;
    if (best === undefined || pattern.length > best.length) best = pattern;
  }
  return best;
}

interface Exported {
  readonly metadata: { readonly namespace?: string };
  readonly spec: { readonly exportTo?: readonly string[] };
}

/** `*` and an absent list mean all namespaces, `.` the rule's own, `~` none. */
export function isVisible({ metadata, spec: { exportTo = [] } }: Exported, from: string): boolean {
  if (exportTo.length === 0 || exportTo.includes('*')) return true;
  return exportTo.includes(from) || (exportTo.includes('.') && metadata.namespace === from);
}

/** Whether a rule is exported to its own namespace alone. */
export function isPrivate({ metadata, spec: { exportTo = [] } }: Exported): boolean {
  return exportTo.length === 1 && (exportTo[0] === '.' || exportTo[0] === metadata.namespace);
}

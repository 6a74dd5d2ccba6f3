/** A history put in order: per lab, what was run again and again on the same release and cluster. */
import type { HistoryRun } from '../record.ts';

export interface LabHistory {
  readonly name: string;
  readonly title: string;
  /** Oldest first, over all series. */
  readonly runs: readonly HistoryRun[];
  readonly series: readonly Series[];
}

/** Runs of one lab that may be compared: the same release on the same cluster. */
export interface Series {
  readonly key: string;
  readonly release: string;
  /** For people: `Sandbox`, or a context or host name. */
  readonly cluster: string;
  /** Oldest first; never empty. */
  readonly runs: readonly HistoryRun[];
}

/** Labs by name; series by release, then cluster. @param runs oldest first. */
export function labsOf(runs: readonly HistoryRun[]): LabHistory[] {
  return [...groupBy(runs, (run) => run.lab.name)]
    .map(([name, own]) => ({ name, title: own.at(-1)?.lab.title ?? name, runs: own, series: seriesOf(own) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Newest release first. */
function seriesOf(runs: readonly HistoryRun[]): Series[] {
  return [...groupBy(runs, (run) => seriesKey(run).join('\u0000'))]
    .flatMap(([key, own]) => {
      const [first] = own;
      return first === undefined ? [] : [{ key, release: releaseOf(first), cluster: clusterOf(first), runs: own }];
    })
    .sort((a, b) => b.release.localeCompare(a.release, 'en', { numeric: true }) || a.cluster.localeCompare(b.cluster));
}

/** What makes runs comparable: release and cluster, for people. */
export function seriesKey(run: HistoryRun): [release: string, cluster: string] {
  return [releaseOf(run), clusterOf(run)];
}

/** `2.6, classroom`: without what all releases' names begin with, and without the cluster where there is but one. */
export function seriesName(series: Series, all: readonly Series[]): string {
  const release = series.release.slice(commonBeginning(all.map((other) => other.release)).length);
  const oneCluster = all.every((other) => other.cluster === series.cluster);
  const oneRelease = all.every((other) => other.release === series.release);
  if (oneCluster) return release;
  return oneRelease ? series.cluster : `${release}, ${series.cluster}`;
}

/** Whole words: `OpenShift Service Mesh ` of two releases of it; nothing when there is but one. */
export function commonBeginning(names: readonly string[]): string {
  const [first = '', ...others] = [...new Set(names)];
  if (others.length === 0) return '';
  const words = first.match(/\S+\s+/g) ?? [];
  let common = '';
  for (const word of words) {
    if (!others.every((name) => name.startsWith(common + word))) break;
    common += word;
  }
  return common;
}

function releaseOf(run: HistoryRun): string {
  return run.release ?? 'release unknown';
}

/** A sandbox has another address each time, and so has what listens on loopback. */
function clusterOf({ cluster, context }: HistoryRun): string {
  if (cluster?.kind === 'sandbox') return 'Sandbox';
  if (context !== undefined) return context;
  if (cluster === undefined) return 'cluster not reached';
  const host = URL.canParse(cluster.server) ? new URL(cluster.server) : undefined;
  if (host === undefined) return cluster.server;
  return /^(127\.|localhost$|\[::1\])/.test(host.hostname) ? host.hostname : host.host;
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

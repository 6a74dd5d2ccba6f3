/** Groups a history: per lab, the runs on the same release and cluster. */
import type { HistoryRun } from '../record.ts';

export interface LabHistory {
  readonly name: string;
  readonly title: string;
  /** Oldest first, over all series. */
  readonly runs: readonly HistoryRun[];
  readonly series: readonly Series[];
}

/** Runs of one lab that are comparable: the same release on the same cluster. */
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
  const known = runs.filter((run) => run.release !== undefined);
  const keys = new Map(known.map((run) => [seriesKey(run).join('\u0000'), seriesKey(run)] as const));
  return [...groupBy(runs, (run) => keyOf(run, keys))]
    .map(([key, own]) => {
      const [release = '', cluster = ''] = key.split('\u0000');
      return { key, release, cluster, runs: own };
    })
    .sort((a, b) => b.release.localeCompare(a.release, 'en', { numeric: true }) || a.cluster.localeCompare(b.cluster));
}

/** A run that was refused before it knew its release belongs to the series of its cluster, if there is only one. */
function keyOf(run: HistoryRun, known: ReadonlyMap<string, readonly [string, string]>): string {
  const own = seriesKey(run);
  if (run.release === undefined) {
    const cluster = run.context ?? 'Sandbox';
    const alike = [...known].filter(([, [, other]]) => other === cluster);
    if (alike.length === 1 && alike[0] !== undefined) return alike[0][0];
  }
  return own.join('\u0000');
}

/** What makes runs comparable: release and cluster, for people. */
export function seriesKey(run: HistoryRun): [release: string, cluster: string] {
  return [releaseOf(run), clusterOf(run)];
}

/** `2.6, classroom`: without the common prefix of all releases, and without the cluster if there is only one. */
export function seriesName(series: Series, all: readonly Series[]): string {
  const release = series.release.slice(commonBeginning(all.map((other) => other.release)).length);
  const oneCluster = all.every((other) => other.cluster === series.cluster);
  const oneRelease = all.every((other) => other.release === series.release);
  if (oneCluster) return release;
  return oneRelease ? series.cluster : `${release}, ${series.cluster}`;
}

/** Whole words: `OpenShift Service Mesh ` for two releases of it; empty if there is only one. */
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

/** A sandbox has a different address each time, and so have servers on loopback. */
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

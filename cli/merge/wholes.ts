/** Decides which parts belong together: shards of one run, by lab, release, cluster and pipeline run. */
import { createHash } from 'node:crypto';
import { type HistoryRun, type RunFacts, seriesKey } from '../../reporters/history/index.ts';
import type { FoundReports } from './find.ts';

export interface Part extends FoundReports {
  readonly run: HistoryRun;
}

export interface Whole {
  /** Usable as a folder's name: release and cluster. */
  readonly name: string;
  /** A title for people. */
  readonly title: string;
  readonly parts: readonly Part[];
  /** Shards that are missing: `2/2`. */
  readonly missing: readonly string[];
}

/** @param parts each with a run and a blob. If a shard has several runs, the newest counts. */
export function wholesOf(parts: readonly Part[]): Whole[] {
  const groups = new Map<string, Map<string, Part>>();
  for (const part of [...parts].sort((a, b) => a.run.startedAt.localeCompare(b.run.startedAt))) {
    const { run } = part;
    const key = JSON.stringify([run.lab.name, run.lab.content, run.group, run.shard?.total, ...seriesKey(run)]);
    const group = groups.get(key) ?? new Map<string, Part>();
    // A run that is not a shard is complete by itself.
    group.set(run.shard === undefined ? run.id : String(run.shard.index), part);
    groups.set(run.shard === undefined ? `${key}${run.id}` : key, group);
  }
  return named([...groups.values()].map((group) => [...group.values()]));
}

function named(groups: readonly (readonly Part[])[]): Whole[] {
  const taken = new Map<string, number>();
  return groups.flatMap((parts) => {
    const [first] = parts;
    if (first === undefined) return [];
    const key = seriesKey(first.run);
    const slug =
      key
        .join('-')
        .toLowerCase()
        .replace(/[^a-z0-9.]+/g, '-')
        .replace(/^[-.]+|[-.]+$/g, '') || 'run';
    const times = (taken.get(slug) ?? 0) + 1;
    taken.set(slug, times);
    const total = first.run.shard?.total ?? 1;
    const there = new Set(parts.map(({ run }) => run.shard?.index ?? 1));
    const indexes = Array.from({ length: total }, (_, index) => index + 1);
    const missing = indexes.filter((index) => !there.has(index)).map((index) => `${index}/${total}`);
    return [{ name: times === 1 ? slug : `${slug}-${times}`, title: key.join(', '), parts, missing }];
  });
}

/** The facts of the merged run. The same parts give the same run, however often they are merged. */
export function factsOfWhole({ parts, missing }: Whole): RunFacts {
  const runs = parts.map(({ run }) => run);
  const [first] = runs;
  if (first === undefined) throw new Error('a whole has at least one part');
  if (runs.length === 1 && missing.length === 0 && first.shard === undefined) return factsOfRun(first);
  const ids = runs.map(({ id }) => id).sort();
  const { shard: _, ...common } = factsOfRun(first);
  return {
    ...common,
    id: `merged-${createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 32)}`,
    host: [...new Set(runs.map(({ host }) => host))].join(', '),
    parts: ids,
  };
}

function factsOfRun(run: HistoryRun): RunFacts {
  const { id, lab, tool, host, context, link, group, shard } = run;
  const { name: _name, title: _title, ...files } = lab;
  return {
    id,
    lab: files,
    tool,
    host,
    ...(context === undefined ? {} : { context }),
    ...(link === undefined ? {} : { link }),
    ...(group === undefined ? {} : { group }),
    ...(shard === undefined ? {} : { shard }),
  };
}

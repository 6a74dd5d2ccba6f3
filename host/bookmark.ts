/** A point in a session that it can return to: the cluster by its history, the shell by its variables and files. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mark } from '../guard/types.ts';
import type { ClusterApi } from '../kube/types.ts';
import { shellQuote } from '../model/shell-quote.ts';
import type { Environment } from './environment.ts';
import type { Point } from './progress.ts';

export interface Bookmark extends Point {
  readonly mark: Mark;
  /** UIDs of all pods: a restarted pod has lost what it held in memory. */
  readonly pods: ReadonlySet<string>;
  /** Folder with the shell's files, variables, functions and directory. */
  readonly shell: string;
}

const SHELL_MS = 30_000;

/**
 * @param under private directory.
 * @throws if the cluster keeps no history.
 */
export async function setBookmark(environment: Environment, under: string, at: Point): Promise<Bookmark> {
  const { cluster, terminal, api } = environment;
  if (cluster.history === undefined) throw new Error('the cluster keeps no history');
  const shell = join(under, 'bookmark');
  await rm(shell, { recursive: true, force: true });
  await mkdir(shell, { recursive: true, mode: 0o700 });
  const into = shellQuote(shell);
  await terminal.run(
    `cp -a "$HOME/../work" "$HOME/../home" ${into}; declare -p > ${into}/variables; declare -f > ${into}/functions; pwd > ${into}/directory`,
    { timeoutMs: SHELL_MS },
  );
  return { mark: await cluster.history.mark(), ...at, pods: await podsOf(api), shell };
}

/** @returns whether everything is as it was then; if not, the environment must be discarded. */
export async function goToBookmark(environment: Environment, bookmark: Bookmark): Promise<boolean> {
  const { cluster, terminal, api } = environment;
  try {
    await cluster.history?.rewind(bookmark.mark);
    const { exit } = await terminal.run(restoreShell(bookmark.shell), { timeoutMs: SHELL_MS });
    const pods = await podsOf(api);
    return exit === 0 && [...bookmark.pods].every((uid) => pods.has(uid));
  } catch {
    return false;
  }
}

/** Variables that did not exist then are unset; those that can't be set (bash's own) never change. */
function restoreShell(from: string): string {
  const saved = shellQuote(from);
  return [
    'cd /',
    `for lw_part in work home; do find "$HOME/../$lw_part" -mindepth 1 -delete; cp -a ${saved}/$lw_part/. "$HOME/../$lw_part/"; done`,
    `for lw_name in $(compgen -v); do grep -q -- "^declare -[^ ]* $lw_name\\b" ${saved}/variables || unset -v "$lw_name" 2>/dev/null; done`,
    `{ . ${saved}/variables; . ${saved}/functions; } 2>/dev/null`,
    'unset -v lw_name lw_part',
    `cd "$(cat ${saved}/directory)"`,
  ].join('\n');
}

async function podsOf(api: ClusterApi): Promise<ReadonlySet<string>> {
  const kind = await api.resolveObject('v1', 'Pod');
  if (kind === undefined) return new Set();
  const { items } = await api.list(kind, {});
  const staying = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return new Set(staying.map(({ metadata }) => metadata.uid ?? metadata.name));
}

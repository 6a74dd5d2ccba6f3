/**
 * `labwright matrix [labs]`: plays each lab on each of its releases, in a sandbox that imitates the release; shows what passes,
 * drifts, or is new.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { figureSourcesOf } from '../host/figure-sources.ts';
import { figuresOf } from '../language/figures.ts';
import type { Lab } from '../model/lab.ts';
import { joinMatrices, matrixOf, matrixPage, matrixText, type ReleaseRun } from '../reporters/matrix/index.ts';
import { loadLab } from '../steps/load.ts';
import { requireMachine } from './certify/machine.ts';
import { CliError, EXIT, type ExitCode } from './failure.ts';
import { historyFolder, readRecord } from './history.ts';
import { findLab, labNames, ROOT } from './lab.ts';
import { printProblems } from './validate.ts';

export interface MatrixOptions {
  /** Names of releases; all of the lab's if empty. */
  readonly release: readonly string[];
  readonly browser?: 'firefox' | 'chromium';
  /** How many releases are played in parallel. */
  readonly jobs?: number;
  readonly reports?: string;
  readonly history?: string;
}

/** A run with both browsers and two sandboxes stays under this; measured by `npm run bench`. */
const MEMORY_PER_RUN = 4 * 1024 ** 3;

/** A release of a lab, to be played. */
interface Planned {
  readonly lab: Lab;
  readonly release: string;
  /** Folder of its reports, below the matrix's. */
  readonly folder: string;
}

/**
 * @param given labs, by folder or name; if empty, every lab under `labs/` that has releases.
 * @returns 1 if something is new on a release.
 * @throws {CliError}
 */
export async function matrix(given: readonly string[], options: MatrixOptions): Promise<ExitCode> {
  const directories = (given.length === 0 ? labNames() : given).map(findLab);
  for (const directory of directories) if (!printProblems(directory)) return EXIT.usage;
  await requireMachine(options.browser);
  const labs = directories.map((directory) => loadLab(directory)).filter(({ releases }) => releases.length > 0);
  const planned = plan(labs, options.release);
  const reports = join(options.reports ?? join(ROOT, 'reports'), 'matrix');
  const history = options.history ?? historyFolder(options.reports ?? join(ROOT, 'reports'));
  rmSync(reports, { recursive: true, force: true });
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  const play = (one: Planned) => playRelease(one, { reports, history, options, signal: ending.signal });
  const runs = await sideBySide(planned, jobsOf(options), play);
  if (ending.signal.aborted) return EXIT.interrupted;
  const made = joinMatrices(
    labs.map((lab) =>
      matrixOf(
        lab,
        runs.filter((_, index) => planned[index]?.lab === lab),
        figuresOf,
      ),
    ),
  );
  const page = join(reports, 'index.html');
  mkdirSync(reports, { recursive: true });
  const links = planned.map(({ release, folder }) => [release, `${folder}/certificate.html`] as const);
  writeFileSync(page, matrixPage(made, Object.fromEntries(links)));
  console.log(`\n${matrixText(made)}\nReport  ${relative(process.cwd(), page)}`);
  const isNew = made.rows.some(({ cells }) => cells.some(({ kind }) => kind === 'new' || kind === 'open'));
  return isNew ? EXIT.labFailed : EXIT.certified;
}

/** The releases to play, in the order of the labs. @throws {CliError} `LW-RELEASE-UNKNOWN` */
function plan(labs: readonly Lab[], asked: readonly string[]): Planned[] {
  const all = labs.flatMap((lab) =>
    lab.releases.map(({ name }) => ({ lab, release: name, folder: labs.length > 1 ? `${lab.name}/${name}` : name })),
  );
  const known = all.map(({ release }) => release);
  const unknown = asked.filter((name) => !known.includes(name));
  if (known.length === 0 || unknown.length > 0) {
    const names = labs.map(({ name }) => name).join(', ') || 'no lab';
    const message = `${names} has no release ${unknown.join(', ')}; the releases are: ${known.join(', ') || 'none'}.`;
    throw new CliError(EXIT.usage, 'LW-RELEASE-UNKNOWN', message);
  }
  return asked.length === 0 ? all : all.filter(({ release }) => asked.includes(release));
}

/** As many as there are cores and memory for: a run in both browsers keeps two cores busy. */
function jobsOf({ jobs, browser }: MatrixOptions): number {
  if (jobs !== undefined) return jobs;
  const cores = Math.floor(availableParallelism() / (browser === undefined ? 2 : 1));
  return Math.max(1, Math.min(cores, Math.floor(freemem() / MEMORY_PER_RUN)));
}

interface Playing {
  readonly reports: string;
  readonly history: string;
  readonly options: MatrixOptions;
  readonly signal: AbortSignal;
}

async function playRelease({ lab, release, folder }: Planned, playing: Playing): Promise<ReleaseRun> {
  const { options, history, signal } = playing;
  if (signal.aborted) return { release, run: undefined, problem: 'interrupted' };
  const reports = join(playing.reports, folder);
  const command = [join(ROOT, 'cli', 'labwright.js'), 'certify', lab.directory, '--release', release];
  if (options.browser !== undefined) command.push('--browser', options.browser);
  console.log(`${release}  playing …`);
  // Its own process group: ctrl-C reaches it once, through this process.
  const child = execa(process.execPath, [...command, '--reports', reports, '--history', history], {
    all: true,
    reject: false,
    detached: true,
  });
  const interrupt = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', interrupt);
  const { all } = await child;
  signal.removeEventListener('abort', interrupt);
  const run = readRecord(reports);
  const sources = await figureSourcesOf(release);
  console.log(`${release}  ${run?.verdict.kind ?? 'not played'}`);
  return run === undefined || run.sections.length === 0
    ? { release, run, sources, problem: all.trimEnd().split('\n').slice(-3).join(' ') }
    : { release, run, sources };
}

/** Results in the order of the items, whichever finishes first. */
async function sideBySide<T, R>(items: readonly T[], jobs: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Map<number, R>();
  const queue = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results.set(next[0], await work(next[1]));
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return [...results.entries()].sort(([a], [b]) => a - b).map(([, result]) => result);
}

/** What the history records of a run besides the results: the state of the files, the machine, the versions. */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { LabFacts, RunFacts } from '../../reporters/history/index.ts';
import { loadLab } from '../../steps/load.ts';
import { ROOT, version } from '../lab.ts';
import type { Shard } from './shard.ts';

/** @param directory the lab's folder, valid. */
export async function factsOf(
  directory: string,
  known: { readonly context?: string; readonly shard?: Shard },
): Promise<RunFacts> {
  const { context, shard } = known;
  const [lab, commit] = await Promise.all([labFacts(directory), git(ROOT, ['rev-parse', 'HEAD'])]);
  const link = linkOf(process.env);
  const group = groupOf(process.env);
  return {
    id: randomUUID(),
    lab,
    tool: { version: version(), ...(commit === undefined ? {} : { commit }) },
    host: hostname(),
    ...(context === undefined ? {} : { context }),
    ...(link === undefined ? {} : { link }),
    ...(group === undefined ? {} : { group }),
    ...(shard === undefined ? {} : { shard }),
  };
}

/** The lab's files: its folder and the folders of the repositories that its guide clones. */
async function labFacts(directory: string): Promise<LabFacts> {
  const folders = [directory, ...loadLab(directory).repositories.map((repository) => repository.directory)];
  // A container image has the files without their git history.
  const told = process.env['LABWRIGHT_COMMIT'];
  const [commit, changes] = await Promise.all([
    git(directory, ['log', '-1', '--format=%H', '--', ...folders]),
    git(directory, ['status', '--porcelain', '--', ...folders]),
  ]);
  return {
    content: digestOf(folders),
    ...(commit ? { commit, dirty: changes !== '' } : told ? { commit: told } : {}),
  };
}

/** Undefined without git or outside a repository: a lab may come from anywhere. */
async function git(directory: string, args: readonly string[]): Promise<string | undefined> {
  const { stdout, exitCode } = await execa('git', ['-C', directory, ...args], { reject: false, stdin: 'ignore' });
  return exitCode === 0 ? stdout.trim() : undefined;
}

/** A hash of names and contents, independent of where the lab is stored. */
function digestOf(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const files = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
    for (const file of files) hash.update(`\0${file.slice(folder.length)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Shared by all shards of one pipeline run: `LABWRIGHT_GROUP`, or GitHub Actions' run id. */
function groupOf(environment: NodeJS.ProcessEnv): string | undefined {
  const { LABWRIGHT_GROUP: group, GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt = '1' } = environment;
  if (group !== undefined && group !== '') return group;
  return run ? `${run}-${attempt}` : undefined;
}

/** A link to this run: from GitHub Actions, or from `LABWRIGHT_LINK`. */
function linkOf(environment: NodeJS.ProcessEnv): string | undefined {
  const {
    LABWRIGHT_LINK: link,
    GITHUB_SERVER_URL: server,
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: run,
  } = environment;
  if (link !== undefined && link !== '') return link;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}

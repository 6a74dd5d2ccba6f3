/**
 * The guide's git repositories, created from the lab's own files: `git clone https://…` stays verbatim, and git's
 * `url.<base>.insteadOf` redirects it to a local copy.
 */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Repository } from '../model/lab.ts';

/** Every clone has the same commit, whenever the lab runs. */
const COMMIT_ENV = {
  GIT_AUTHOR_NAME: 'Labwright',
  GIT_AUTHOR_EMAIL: 'lab@labwright.test',
  GIT_COMMITTER_NAME: 'Labwright',
  GIT_COMMITTER_EMAIL: 'lab@labwright.test',
  GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/**
 * @param under where the copies are created.
 * @param images references that replace others in the repositories' YAML files.
 * @returns environment variables that make git clone from the copies.
 */
export async function serveRepositories(
  repositories: readonly Repository[],
  under: string,
  images: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const bases = await Promise.all(
    repositories.map((repository, index) => copyOf(repository, join(under, String(index)), images)),
  );
  const env: Record<string, string> = {
    GIT_CONFIG_COUNT: String(bases.length + 1),
    GIT_CONFIG_KEY_0: 'advice.detachedHead',
    GIT_CONFIG_VALUE_0: 'false',
  };
  for (const [index, base] of bases.entries()) {
    env[`GIT_CONFIG_KEY_${index + 1}`] = `url.${base}.insteadOf`;
    env[`GIT_CONFIG_VALUE_${index + 1}`] = repositories[index]?.url ?? '';
  }
  return env;
}

async function copyOf(
  repository: Repository,
  directory: string,
  images: Readonly<Record<string, string>>,
): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const entry of await readdir(repository.directory))
    await cp(join(repository.directory, entry), join(directory, entry), { recursive: true });
  if (Object.keys(images).length > 0) await takeImages(directory, images);
  const git = (...args: string[]) => execa('git', ['-C', directory, ...args], { env: COMMIT_ENV });
  await git('init', '--quiet', '--initial-branch', repository.branch);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'The lab’s files');
  return directory;
}

async function takeImages(directory: string, images: Readonly<Record<string, string>>): Promise<void> {
  const names = await readdir(directory, { recursive: true });
  for (const name of names.filter((one) => /\.ya?ml$/.test(one))) {
    const file = join(directory, name);
    const text = await readFile(file, 'utf8');
    const taken = text.replace(
      /(\bimage:\s*)(["']?)([^\s"'#,}]+)\2/g,
      (whole, key: string, _quote: string, from: string) =>
        images[from] === undefined ? whole : `${key}${JSON.stringify(images[from])}`,
    );
    if (taken !== text) await writeFile(file, taken);
  }
}

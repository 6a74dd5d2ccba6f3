/** Reads which files import which, from the work tree or from a commit. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

export interface Source {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Project files it imports, statically, dynamically or for types; paths from the root. */
  readonly imports: readonly string[];
  /** npm packages it imports: `ws`, `@grpc/grpc-js`. */
  readonly packages: readonly string[];
}

/** Whether a file ships: not a test, a helper of tests, or generated. */
export function isShipped(file: string): boolean {
  return (
    /\.(ts|js)$/.test(file) && !/(\.(test|generated|d)|\/testing)\.ts$/.test(file) && !/^test\/|\/testing\//.test(file)
  );
}

/**
 * Reads the imports of all shipped files.
 * @param revision a commit; if absent, the work tree, including untracked files.
 */
export function readSources(revision?: string): Source[] {
  return listFiles(revision)
    .filter(isShipped)
    .map((file) => ({ file, ...importsOf(file, contentOf(file, revision)) }));
}

/** All files of the repository that git does not ignore. */
export function listFiles(revision?: string): string[] {
  const now = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const listed = git(...(revision === undefined ? now : ['ls-tree', '-r', '--name-only', revision])).split('\n');
  return listed.filter((file) => file !== '' && (revision !== undefined || existsSync(join(ROOT, file))));
}

function importsOf(file: string, text: string): Pick<Source, 'imports' | 'packages'> {
  const pattern = /(?:^|[^\w.$])(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g;
  const named = [...text.matchAll(pattern)].map((match) => match[1] ?? '');
  const inside = named.filter((name) => name.startsWith('.')).map((name) => normalize(join(dirname(file), name)));
  const outside = named.filter((name) => /^@?[a-z]/.test(name) && !name.startsWith('node:')).map(packageOf);
  return { imports: [...new Set(inside)], packages: [...new Set(outside)] };
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function contentOf(file: string, revision: string | undefined): string {
  return revision === undefined ? readFileSync(join(ROOT, file), 'utf8') : git('show', `${revision}:${file}`);
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });
}

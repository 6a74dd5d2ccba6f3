/** Where a lab's manifests are: in its steps, in files beside them, and in the repositories that its commands name by `-f`. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Repository } from '../model/lab.ts';
import { nearest } from '../model/nearest.ts';
import type { Problem } from './problem.ts';
import type { Contents, Source } from './reading.ts';
import { type Path, readYamlDocuments, type YamlDocument } from './yaml.ts';

export interface Sources {
  readonly sources: readonly Source[];
  readonly problems: readonly Problem[];
}

/** @param contents of the lab's sections. */
export function manifestSources(contents: readonly Contents[], repositories: readonly Repository[]): Sources {
  const gathered = new Gathered(repositories);
  for (const { manifests, commands } of contents) {
    for (const manifest of manifests) gathered.add(manifest);
    for (const { command, path, document } of commands) gathered.named(command, path, document);
  }
  return gathered;
}

class Gathered implements Sources {
  readonly sources: Source[] = [];
  readonly problems: Problem[] = [];
  readonly #repositories: readonly Repository[];
  readonly #seen = new Set<string>();

  constructor(repositories: readonly Repository[]) {
    this.#repositories = repositories;
  }

  /** What several steps apply is checked once. */
  add(source: Source): void {
    const { file, line, column } = source.document.at(source.path);
    const place = `${file}:${line}:${column}`;
    if (this.#seen.has(place)) return;
    this.#seen.add(place);
    this.sources.push(source);
  }

  /** Files that `oc` or `kubectl` is given and that lie in a repository the lab clones. */
  named(command: string, path: Path, document: YamlDocument): void {
    if (!/\b(?:oc|kubectl)\b/.test(command)) return;
    for (const [, quoted = ''] of command.matchAll(/(?:^|\s)(?:-f|--filename)[ =]?("[^"]+"|'[^']+'|[^\s;|&)]+)/g)) {
      const written = quoted.replace(/^["']|["']$/g, '');
      const found = this.#inRepository(written);
      if (found === undefined) continue;
      const kind = statSync(found.file, { throwIfNoEntry: false });
      if (kind?.isDirectory()) for (const file of yamlFiles(found.file, false)) this.#file(file);
      else if (kind?.isFile()) this.#file(found.file);
      // A repository's folder that is missing is told where lab.yaml names it.
      else if (statSync(found.repository.directory, { throwIfNoEntry: false })?.isDirectory())
        this.problems.push(missing(written, found, document.at(path)));
    }
  }

  /** `$WORK_DIR/guestbook/v2/x.yaml` → the lab's own copy of guestbook. */
  #inRepository(written: string): { file: string; repository: Repository } | undefined {
    const [, folder = '', rest = ''] = /^\$\{?\w+\}?\/([^/]+)\/(.+)$/.exec(written) ?? [];
    const repository = this.#repositories.find(({ url }) => basename(url, '.git') === folder);
    return repository === undefined || rest.includes('$')
      ? undefined
      : { file: join(repository.directory, rest), repository };
  }

  #file(file: string): void {
    const read = readYamlDocuments(file);
    if ('problems' in read) this.problems.push(...read.problems);
    else for (const document of read.documents) this.add({ document, path: [], value: document.value });
  }
}

function missing(
  written: string,
  { file, repository }: { file: string; repository: Repository },
  at: Problem['at'],
): Problem {
  const there = yamlFiles(repository.directory, true).map((path) => relative(repository.directory, path));
  const suggestion = nearest(relative(repository.directory, file), there);
  return {
    code: 'LW-FILE-MISSING',
    at,
    message: `the repository has no file ${written}`,
    expected: `a file under ${repository.directory}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function yamlFiles(directory: string, recursive: boolean): string[] {
  return readdirSync(directory, { recursive, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(directory, name));
}

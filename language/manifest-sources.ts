/** Where a lab's manifests are: in its steps, in files beside them, and in the repositories that its commands name by `-f`. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Lab, Repository } from '../model/lab.ts';
import { nearest } from '../model/nearest.ts';
import type { Problem } from './problem.ts';
import { checkDocument } from './schema.ts';
import { type Path, readYaml, readYamlDocuments, type YamlDocument } from './yaml.ts';

/** One object: `value` stands at `path` of `document`. */
export interface Source {
  readonly document: YamlDocument;
  readonly path: Path;
  readonly value: unknown;
}

export interface Sources {
  readonly sources: readonly Source[];
  readonly problems: readonly Problem[];
}

/** @param lab that loaded without a problem. */
export function manifestSources(lab: Lab): Sources {
  const gathered = new Gathered(lab.repositories);
  for (const { file } of lab.sections) {
    const read = readYaml(file);
    if ('problems' in read) continue;
    const checked = checkDocument('section', read.document);
    if ('problems' in checked) continue;
    for (const [index, exercise] of checked.value.exercises.entries()) {
      for (const [number, step] of exercise.steps.entries()) {
        const path = ['exercises', index, 'steps', number];
        if ('apply' in step) gathered.applied(step.apply, [...path, 'apply'], read.document);
        if ('run' in step) gathered.named(step.run, [...path, 'run'], read.document);
        if ('check' in step) gathered.named(step.check, [...path, 'check'], read.document);
      }
    }
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

  applied(value: unknown, path: Path, document: YamlDocument): void {
    if (Array.isArray(value))
      for (const [index, item] of value.entries()) this.applied(item, [...path, index], document);
    else if (typeof value === 'string') this.#file(resolve(dirname(document.file), value));
    else this.sources.push({ document, path, value });
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
    if (this.#seen.has(file)) return;
    this.#seen.add(file);
    const read = readYamlDocuments(file);
    if ('problems' in read) this.problems.push(...read.problems);
    else for (const document of read.documents) this.sources.push({ document, path: [], value: document.value });
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

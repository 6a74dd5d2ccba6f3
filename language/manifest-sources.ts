/** The sources of a lab's manifests: its steps, files beside them, and files that its commands name with `-f`. */
import type { Repository } from '../model/lab.ts';
import type { Problem } from './problem.ts';
import type { Contents, Source } from './reading.ts';
import { checkCommands } from './shell/check.ts';

export interface Sources {
  readonly sources: readonly Source[];
  readonly problems: readonly Problem[];
}

/** @param contents of the lab's sections, in order. */
export function manifestSources(contents: readonly Contents[], repositories: readonly Repository[]): Sources {
  const named = checkCommands(
    contents.flatMap(({ commands }) => commands),
    repositories,
  );
  const all = [...contents.flatMap(({ manifests }) => manifests), ...named.sources];
  // A manifest that several steps apply is checked once.
  const byPlace = new Map(all.map((source) => [placeOf(source), source]));
  return { sources: [...byPlace.values()], problems: named.problems };
}

function placeOf({ document, path }: Source): string {
  const { file, line, column } = document.at(path);
  return `${file}:${line}:${column}`;
}

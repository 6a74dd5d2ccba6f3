/** A copy of a lab with one mistake in it. */
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Lab, Repository } from '../../model/lab.ts';
import { loadLab } from '../../steps/load.ts';
import type { TextEdit } from '../model.ts';

/** @returns the file's text with the mistake. */
export function editedText({ file, from, to, replacement }: TextEdit): string {
  const text = readFileSync(file, 'utf8');
  return text.slice(0, from) + replacement + text.slice(to);
}

/**
 * @param under an empty folder.
 * @throws {LabError} if the lab with the mistake is not well-formed.
 */
export function mutatedLab(lab: Lab, edit: TextEdit, under: string): Lab {
  const directory = copyOf(lab, under);
  const way = relative(lab.directory, edit.file);
  if (lab.repositories.every((repository) => relative(repository.directory, edit.file).startsWith('..'))) {
    detach(join(directory, way), under);
    writeFileSync(join(directory, way), editedText(edit));
  }
  const repositories = lab.repositories.map((repository) => repositoryWith(edit, repository, under));
  // The images' programs import files from around the lab.
  return { ...loadLab(directory), images: lab.images, repositories };
}

/** How many levels of folders above the lab are copied. */
const MIRRORED = 5;

/** Copies the lab and links its neighbours some folders up, so that relative paths keep working. */
function copyOf(lab: Lab, under: string): string {
  const folders = lab.directory.split(sep).filter((name) => name !== '');
  const directory = join(under, ...folders.slice(-MIRRORED));
  mkdirSync(directory, { recursive: true });
  cpSync(lab.directory, directory, { recursive: true });
  let [original, copy] = [lab.directory, directory];
  for (let level = 1; level < Math.min(MIRRORED, folders.length); level += 1) {
    linkNeighbours(original, copy);
    [original, copy] = [dirname(original), dirname(copy)];
  }
  return directory;
}

function linkNeighbours(original: string, copy: string): void {
  for (const name of readdirSync(dirname(original)))
    if (name !== basename(original)) symlinkSync(join(dirname(original), name), join(dirname(copy), name));
}

/** Replaces the linked folder that holds the file with a copy that can be changed. */
function detach(file: string, under: string): void {
  const parts = relative(under, file).split(sep);
  for (let length = 1; length < parts.length; length += 1) {
    const folder = join(under, ...parts.slice(0, length));
    if (!lstatSync(folder).isSymbolicLink()) continue;
    const original = realpathSync(folder);
    rmSync(folder);
    cpSync(original, folder, { recursive: true });
    return;
  }
  if (lstatSync(file).isSymbolicLink()) rmSync(file);
}

/** The repository itself, or a copy with the edited file. */
function repositoryWith(edit: TextEdit, repository: Repository, under: string): Repository {
  const way = relative(repository.directory, edit.file);
  if (way.startsWith('..')) return repository;
  const copy = join(under, 'repositories', basename(repository.url, '.git'));
  cpSync(repository.directory, copy, { recursive: true });
  writeFileSync(join(copy, way), editedText(edit));
  return { ...repository, directory: copy };
}

/** Maps a path in the copy to the path in the original lab. */
export function inOriginal(file: string, copy: Lab, lab: Lab): string {
  const way = relative(copy.directory, file);
  return way.startsWith('..') ? file : join(lab.directory, way);
}

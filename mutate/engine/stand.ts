/**
 * Keeps a player at the entry of an exercise for one mutant after another. The player gets there once; after each mutant
 * it undoes what changed. If that can't be done reliably, a new player starts from the beginning.
 */
import { readdir, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { Bookmark } from '../../host/bookmark.ts';
import type { Lab } from '../../model/lab.ts';
import type { TextEdit } from '../model.ts';
import type { Ending, Player } from './player.ts';
import { editedText } from './workspace.ts';

export class Stand {
  readonly #lab: Lab;
  readonly #begin: () => Player;
  #player: Player | undefined;
  #at: { readonly entry: number; readonly bookmark: Bookmark } | undefined;

  /** @param begin starts a player on its own cluster. */
  constructor(lab: Lab, begin: () => Player) {
    this.#lab = lab;
    this.#begin = begin;
  }

  /** @returns a player at the entry. @throws {BlockedError} if the lab does not get there without a mistake. */
  async at(entry: number): Promise<Player> {
    if (this.#player !== undefined && this.#at?.entry === entry) return this.#player;
    if (this.#at !== undefined && this.#at.entry > entry) await this.discard();
    const player = this.#player ?? this.#begin();
    this.#player = player;
    const blocked = await player.enter(this.#lab, entry);
    if (blocked !== undefined) {
      await this.discard();
      throw new BlockedError(blocked);
    }
    this.#at = { entry, bookmark: await player.bookmark() };
    return player;
  }

  /** Goes back to the entry for the next mutant. A player that can't is discarded. */
  async rewind(): Promise<void> {
    if (this.#player === undefined || this.#at === undefined) return;
    if (!(await this.#player.rewind(this.#at.bookmark))) await this.discard();
  }

  async discard(): Promise<void> {
    const player = this.#player;
    this.#player = undefined;
    this.#at = undefined;
    await player?.stop();
  }
}

export class BlockedError extends Error {
  readonly ending: Extract<Ending, { kind: 'blocked' }>;

  constructor(ending: Extract<Ending, { kind: 'blocked' }>) {
    super(`blocked by ${ending.by}`);
    this.ending = ending;
  }
}

/** @returns the file's path in a clone, from the clone's folder on; undefined if no repository has it. */
export function fileInClone(lab: Lab, { file }: TextEdit): string | undefined {
  const repository = lab.repositories.find(({ directory }) => !relative(directory, file).startsWith('..'));
  if (repository === undefined) return undefined;
  return join('/', basename(repository.url, '.git'), relative(repository.directory, file));
}

/** Makes the mistake in the clones that the shell has. @returns false if the file's repository has not been cloned yet. */
export async function editClones(lab: Lab, edit: TextEdit, work: string): Promise<boolean> {
  const wanted = fileInClone(lab, edit);
  if (wanted === undefined) return true;
  const files = await readdir(work, { recursive: true });
  const clones = files.filter((file) => join('/', file).endsWith(wanted));
  const text = editedText(edit);
  for (const clone of clones) await writeFile(join(work, clone), text);
  return clones.length > 0;
}

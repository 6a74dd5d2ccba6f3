/** One `images.yaml`, read again when it has changed. */

import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { load } from 'js-yaml';
import type { KnownImage } from '../../model/image-reference.ts';
import { ownFormat } from '../../model/own-format.ts';

export interface ImageEntry extends KnownImage {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly proxy?: boolean;
  readonly placeholder?: boolean;
  /** For readers only: a program opens its files itself. */
  readonly ports?: readonly number[];
}

export class ImageFile {
  readonly path: string;
  readonly directory: string;
  readonly #log: (message: string) => void;
  #entries: readonly ImageEntry[];
  #stamp: string | undefined;

  /** @param log called if the file can't be read later on. @throws if the file cannot be read or is not valid YAML. */
  constructor(path: string, log: (message: string) => void) {
    this.path = path;
    this.directory = dirname(path);
    this.#log = log;
    this.#stamp = this.#stampNow();
    this.#entries = readEntries(path);
  }

  /** Whether the file has changed since it was read. */
  get isStale(): boolean {
    const now = this.#stampNow();
    return now !== undefined && now !== this.#stamp;
  }

  /** The current content; the previous one while the file is gone or invalid. */
  entries(): readonly ImageEntry[] {
    if (this.isStale) {
      // Recorded first, so that a change during the read is read the next time.
      this.#stamp = this.#stampNow();
      try {
        this.#entries = readEntries(this.path);
      } catch (error) {
        this.#log(`${this.path} is not read: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return this.#entries;
  }

  /** A text that changes whenever the file is written or replaced; undefined if there is no file. */
  #stampNow(): string | undefined {
    const stats = statSync(this.path, { throwIfNoEntry: false, bigint: true });
    return stats && `${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.size}`;
  }
}

function readEntries(path: string): readonly ImageEntry[] {
  // The schema of images.yaml is checked when the lab is read.
  return ownFormat<{ images?: readonly ImageEntry[] } | undefined>(load(readFileSync(path, 'utf8')))?.images ?? [];
}

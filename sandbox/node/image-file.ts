/** One `images.yaml`, read again when it has changed. */
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { load } from 'js-yaml';

export interface ImageEntry {
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly proxy?: boolean;
  readonly placeholder?: boolean;
  /** For readers only: a program opens what it opens. */
  readonly ports?: readonly number[];
}

export class ImageFile {
  readonly path: string;
  readonly directory: string;
  readonly #log: (message: string) => void;
  #entries: readonly ImageEntry[];
  #stamp: string | undefined;

  /** @param log told of what can't be read later on. @throws when the file cannot be read or is not YAML. */
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

  /** As the file now says; as it said before while it is gone or is not YAML. */
  entries(): readonly ImageEntry[] {
    if (this.isStale) {
      // Noted first: what is written meanwhile is read the next time.
      this.#stamp = this.#stampNow();
      try {
        this.#entries = readEntries(this.path);
      } catch (error) {
        this.#log(`${this.path} is not read: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return this.#entries;
  }

  /** Differs whenever the file was written or replaced; undefined when there is none. */
  #stampNow(): string | undefined {
    const stats = statSync(this.path, { throwIfNoEntry: false, bigint: true });
    return stats && `${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.size}`;
  }
}

function readEntries(path: string): readonly ImageEntry[] {
  const content = load(readFileSync(path, 'utf8')) as { images?: readonly ImageEntry[] } | undefined;
  return content?.images ?? [];
}

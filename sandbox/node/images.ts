/** Which program an image reference runs: the labs' `images.yaml` files first, then the images of every sandbox. */
import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { canonicalReference, findImage, type KnownImage } from '../../model/image-reference.ts';
import { type ImageEntry, ImageFile } from './image-file.ts';

export interface Image {
  readonly reference: string;
  /** Entry point. Empty if the pod must say what to run. */
  readonly command: readonly string[];
  /** The arguments of the entry point unless the pod gives `args`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string | undefined;
  /** The mesh provides the command. */
  readonly proxy: boolean;
  /** A stand-in for an operator's program: its probes succeed without being run, and no command runs in it. */
  readonly placeholder: boolean;
  /** `sha256:…` of the reference, since nothing is pulled. */
  readonly digest: string;
}

export const BUILT_IN = new URL('images.yaml', import.meta.url).pathname;

/** Reads the lab's files again when they have changed: on each look-up, and for containers that wait for an image. */
export class Images {
  readonly #sources: readonly ImageFile[];
  readonly #log: (message: string) => void;
  /** The files that a user may extend. */
  readonly files: readonly string[];
  readonly #waiting = new Set<() => void>();
  #watchers: readonly FSWatcher[] = [];

  /** @param log called if a file can't be read later on. @throws if a file cannot be read or is not valid YAML. */
  constructor(files: readonly string[], log: (message: string) => void) {
    this.files = files;
    this.#log = log;
    this.#sources = [...files, BUILT_IN].map((file) => new ImageFile(file, log));
  }

  /** Undefined for an image that no file lists. An exact reference wins over a pattern, an earlier file over a later one. */
  find(reference: string): Image | undefined {
    for (const source of this.#sources) {
      const entry = findImage(source.entries(), reference);
      if (entry !== undefined) return toImage(reference, entry, source.directory);
    }
    return undefined;
  }

  /** Calls back once, when a file has changed since it was last read. */
  onceChanged(callback: () => void): void {
    this.#waiting.add(callback);
    if (this.#watchers.length === 0) this.#watch();
    // The file may have changed between the look-up and the watch.
    queueMicrotask(() => this.#notice());
  }

  /** The folders are watched, since editors replace files. */
  #watch(): void {
    try {
      this.#watchers = [...new Set(this.files.map((file) => dirname(file)))].map((folder) =>
        watch(folder, { persistent: false }, () => this.#notice()).on('error', (error) => this.#log(error.message)),
      );
    } catch (error) {
      this.#log(
        `images.yaml files cannot be watched, only new pods see their changes: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  #unwatch(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  #notice(): void {
    if (!this.#sources.some(({ isStale }) => isStale)) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#unwatch();
    for (const callback of waiting) callback();
  }
}

/** The images available in every sandbox; stand-ins for operators' images are not among them. */
export function builtInImages(): KnownImage[] {
  const entries = new ImageFile(BUILT_IN, () => undefined).entries();
  return [...entries.filter(({ placeholder }) => placeholder !== true), { image: INJECTED }];
}

/** The image in a gateway's Deployment that the mesh's injector replaces. */
const INJECTED = 'auto';

function toImage(reference: string, entry: ImageEntry, directory: string): Image {
  const place = (word: string): string => (word.startsWith('./') ? resolve(directory, word) : word);
  return {
    reference,
    command: (entry.command ?? []).map(place),
    args: (entry.args ?? []).map(place),
    env: entry.env ?? {},
    workingDir: entry.workingDir === undefined ? undefined : place(entry.workingDir),
    proxy: entry.proxy ?? false,
    placeholder: entry.placeholder ?? false,
    digest: `sha256:${createHash('sha256').update(canonicalReference(reference)).digest('hex')}`,
  };
}

/** Which program an image reference runs: the labs' `images.yaml` files first, then what every cluster brings. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { load } from 'js-yaml';

export interface Image {
  readonly reference: string;
  /** Entry point. Empty when the pod must say what to run. */
  readonly command: readonly string[];
  /** What follows the entry point unless the pod gives `args`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string | undefined;
  /** The mesh knows how to run it. */
  readonly proxy: boolean;
  /** Nothing real runs in it: its probes succeed without being asked. */
  readonly placeholder: boolean;
  /** `sha256:…` of the reference, since there is nothing to pull. */
  readonly digest: string;
}

interface Entry {
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

interface Source {
  readonly directory: string;
  readonly entries: readonly Entry[];
}

export const BUILT_IN = new URL('images.yaml', import.meta.url).pathname;

export class Images {
  readonly #sources: readonly Source[];
  /** The files a person may extend. */
  readonly files: readonly string[];

  private constructor(sources: readonly Source[], files: readonly string[]) {
    this.#sources = sources;
    this.files = files;
  }

  /** @throws when a file cannot be read or is not YAML. */
  static async load(files: readonly string[]): Promise<Images> {
    return new Images(await Promise.all([...files, BUILT_IN].map(readSource)), files);
  }

  /** Undefined for an image no file knows. An exact reference wins over a pattern, an earlier file over a later one. */
  find(reference: string): Image | undefined {
    const wanted = normalize(reference);
    for (const { directory, entries } of this.#sources) {
      const entry =
        entries.find(({ image }) => !image.includes('*') && normalize(image) === wanted) ??
        entries.find(({ image }) => image.includes('*') && matches(image, wanted));
      if (entry !== undefined) return toImage(reference, entry, directory);
    }
    return undefined;
  }
}

async function readSource(file: string): Promise<Source> {
  const content = load(await readFile(file, 'utf8')) as { images?: readonly Entry[] } | undefined;
  return { directory: dirname(file), entries: content?.images ?? [] };
}

function toImage(reference: string, entry: Entry, directory: string): Image {
  const place = (word: string): string => (word.startsWith('./') ? resolve(directory, word) : word);
  return {
    reference,
    command: (entry.command ?? []).map(place),
    args: (entry.args ?? []).map(place),
    env: entry.env ?? {},
    workingDir: entry.workingDir === undefined ? undefined : place(entry.workingDir),
    proxy: entry.proxy ?? false,
    placeholder: entry.placeholder ?? false,
    digest: `sha256:${createHash('sha256').update(normalize(reference)).digest('hex')}`,
  };
}

/** `docker.io/library/redis@sha256:…` and `redis` are one image: the default registry and tag are filled in, the digest is dropped. */
export function normalize(reference: string): string {
  const [named = ''] = reference.split('@');
  const path = named.replace(/^(docker\.io|index\.docker\.io|registry-1\.docker\.io)\//, '').replace(/^library\//, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  return last.includes(':') || last.includes('*') ? path : `${path}:latest`;
}

function matches(pattern: string, reference: string): boolean {
  const source = normalize(pattern)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(reference);
}

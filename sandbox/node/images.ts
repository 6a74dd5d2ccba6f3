/** Which program an image reference runs: the labs' `images.yaml` files first, then what every cluster brings. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { load } from 'js-yaml';
import { canonicalReference, findImage } from '../../model/image-reference.ts';

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
  /** Stands in for a program of an operator: its probes succeed without being asked, and no command runs in it. */
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
    for (const { directory, entries } of this.#sources) {
      const entry = findImage(entries, reference);
      if (entry !== undefined) return toImage(reference, entry, directory);
    }
    return undefined;
  }
}

/** References and patterns of the images that every sandbox runs by itself; stand-ins for operators' images are not among them. */
export function builtInImages(): string[] {
  const { entries } = parse(BUILT_IN, readFileSync(BUILT_IN, 'utf8'));
  return entries.filter(({ placeholder }) => placeholder !== true).map(({ image }) => image);
}

async function readSource(file: string): Promise<Source> {
  return parse(file, await readFile(file, 'utf8'));
}

function parse(file: string, text: string): Source {
  const content = load(text) as { images?: readonly Entry[] } | undefined;
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
    digest: `sha256:${createHash('sha256').update(canonicalReference(reference)).digest('hex')}`,
  };
}

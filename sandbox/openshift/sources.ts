/** Where each figure of a release comes from: `sources:` of `releases/<release>.yaml`, read by reports. Pure. */

/** What a figure rests on: seen on a real cluster, read in source code, read in a document, or assumed. */
export const BASES = ['cluster', 'source', 'document', 'assumed'] as const;
export type Basis = (typeof BASES)[number];

/** One basis and its words: `{ source: 'maistra/istio-operator, …' }`. */
export type Source = Readonly<Partial<Record<Basis, string>>>;

/**
 * By the path of a figure, `/` between its parts, `*` for any one of them: `mesh/ior/enabled`, `csvs/*`.
 * A path stands for all below it that have none of their own; of two that fit alike, the one with fewer `*` holds.
 */
export type Sources = Readonly<Record<string, Source>>;

/** A release as its file says it: beside these two, everything in it is a figure. */
export interface Sourced {
  readonly release: string;
  readonly sources: Sources;
}

export interface Figure {
  /** Its parts, from the top of the file: `['mesh', 'ior', 'enabled']`. */
  readonly path: readonly string[];
  /** A scalar, or a list as a whole. */
  readonly value: unknown;
  readonly basis: Basis;
  /** Which cluster, file or document it was, or why it is assumed. */
  readonly text: string;
}

/**
 * Every figure of the release with where it comes from, in the order of its file.
 * @throws when a figure has no source, a source has not exactly one basis, or a path of `sources:` fits no figure.
 */
export function figuresOf(release: Sourced): Figure[] {
  const { sources, release: name, ...figures } = release;
  const used = new Set<string>();
  const all = [...leaves(figures, [])].map(([path, value]) => {
    const key = bestKey(Object.keys(sources), path);
    if (key === undefined) throw new Error(`release ${name}: no source for ${path.join('/')}`);
    used.add(key);
    return { path, value, ...only(sources[key] ?? {}, `release ${name}: sources: ${key}`) };
  });
  const idle = Object.keys(sources).filter((key) => !used.has(key));
  if (idle.length > 0) throw new Error(`release ${name}: sources without a figure of their own: ${idle.join(', ')}`);
  return all;
}

function only(source: Source, where: string): { readonly basis: Basis; readonly text: string } {
  const [first, ...more] = BASES.flatMap((basis) => {
    const text = source[basis];
    return text === undefined || text === '' ? [] : [{ basis, text }];
  });
  if (first === undefined || more.length > 0 || Object.keys(source).length !== 1)
    throw new Error(`${where}: one of ${BASES.join(', ')} is expected, with its words`);
  return first;
}

function* leaves(value: unknown, path: readonly string[]): Generator<[readonly string[], unknown]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) yield [path, value];
  else for (const [key, below] of Object.entries(value)) yield* leaves(below, [...path, key]);
}

function bestKey(keys: readonly string[], path: readonly string[]): string | undefined {
  const fitting = keys.filter((key) => fits(key.split('/'), path));
  return fitting.sort((a, b) => rank(b) - rank(a))[0];
}

function fits(parts: readonly string[], path: readonly string[]): boolean {
  return parts.length <= path.length && parts.every((part, index) => part === '*' || part === path[index]);
}

/** Longer paths first; among those of one length the ones with fewer wildcards. */
function rank(key: string): number {
  const parts = key.split('/');
  return parts.length - parts.filter((part) => part === '*').length / 100;
}

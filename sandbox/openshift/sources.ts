/** The source of each figure of a release: `sources:` in `releases/<release>.yaml`, which reports show. Pure. */

/** The basis of a figure: a real cluster, source code, a document, or an assumption. */
export const BASES = ['cluster', 'source', 'document', 'assumed'] as const;
export type Basis = (typeof BASES)[number];

/** One basis with its description: `{ source: 'maistra/istio-operator, …' }`. */
export type Source = Readonly<Partial<Record<Basis, string>>>;

/**
 * Sources by path, with `/` between parts and `*` for any one part: `mesh/ior/enabled`, `csvs/*`. A path covers all figures
 * below it. When several paths match, the longest one applies, and then the one with fewer `*`.
 */
export type Sources = Readonly<Record<string, Source>>;

/** A release file. Everything in it except these two fields is a figure. */
export interface Sourced {
  readonly release: string;
  readonly sources: Sources;
}

export interface Figure {
  /** The path from the top of the file: `['mesh', 'ior', 'enabled']`. */
  readonly path: readonly string[];
  /** A scalar, or a whole list. */
  readonly value: unknown;
  readonly basis: Basis;
  /** The cluster, file or document, or the reason for the assumption. */
  readonly text: string;
}

/**
 * Every figure of the release with its source, in the order of the file.
 * @throws when a figure has no source, a source does not have exactly one basis, or a path in `sources:` matches no figure.
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
    throw new Error(`${where}: expected exactly one of ${BASES.join(', ')}, with a description`);
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

/** Ranks longer paths higher, and among those of one length, paths with fewer wildcards. */
function rank(key: string): number {
  const parts = key.split('/');
  return parts.length - parts.filter((part) => part === '*').length / 100;
}

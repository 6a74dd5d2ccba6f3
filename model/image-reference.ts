/** Which entry of an `images.yaml` an image reference means. */

/**
 * Normalizes a reference as container runtimes do: without Docker Hub's own names and without the digest, with the tag `latest` if
 * there is none. `docker.io/library/redis@sha256:…` and `redis` both become `redis:latest`.
 */
export function canonicalReference(reference: string): string {
  const [named = ''] = reference.split('@');
  const path = named.replace(/^(docker\.io|index\.docker\.io|registry-1\.docker\.io)\//, '').replace(/^library\//, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  return last.includes(':') || last.includes('*') ? path : `${path}:latest`;
}

export interface KnownImage {
  /** A reference, or a pattern in which `*` is any text. */
  readonly image: string;
  /** A regular expression for the whole tag: other tags of the pattern don't exist. */
  readonly tags?: string;
}

/** The entry for a reference: one with exactly that name, else the first whose pattern and tags match. */
export function findImage<T extends KnownImage>(entries: readonly T[], reference: string): T | undefined {
  const wanted = canonicalReference(reference);
  return (
    entries.find(({ image }) => !image.includes('*') && canonicalReference(image) === wanted) ??
    entries.find(({ image, tags }) => image.includes('*') && fits(image, wanted) && hasTag(tags, wanted))
  );
}

function fits(pattern: string, reference: string): boolean {
  const source = canonicalReference(pattern)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(reference);
}

function hasTag(tags: string | undefined, reference: string): boolean {
  return tags === undefined || new RegExp(`^(${tags})$`).test(reference.slice(reference.lastIndexOf(':') + 1));
}

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

/** The entry for a reference: one with exactly that name, else the first whose pattern (`*` is any text) matches. */
export function findImage<T extends { readonly image: string }>(
  entries: readonly T[],
  reference: string,
): T | undefined {
  const wanted = canonicalReference(reference);
  return (
    entries.find(({ image }) => !image.includes('*') && canonicalReference(image) === wanted) ??
    entries.find(({ image }) => image.includes('*') && fits(image, wanted))
  );
}

function fits(pattern: string, reference: string): boolean {
  const source = canonicalReference(pattern)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(reference);
}

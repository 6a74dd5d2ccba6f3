/** Encoded resources. Most are the same for many proxies and pushes: each is encoded once, and looked up by its content. */
import { createHash } from 'node:crypto';
import { encodeAny, type Resource } from './encode.ts';

export interface Encoded {
  readonly any: { readonly type_url: string; readonly value: Uint8Array };
  /** Of the content. */
  readonly digest: string;
}

/** Content that was not used among this many newer ones is dropped. */
const KEPT = 20_000;

export class EncodedResources {
  readonly #byObject = new WeakMap<Resource, Encoded>();
  readonly #byContent = new Map<string, Encoded>();

  /** @throws {Error} naming a field that the resource's type does not have. */
  of(resource: Resource): Encoded {
    const known = this.#byObject.get(resource) ?? this.#byItsContent(resource);
    this.#byObject.set(resource, known);
    return known;
  }

  #byItsContent(resource: Resource): Encoded {
    const content = JSON.stringify(resource);
    const known = this.#byContent.get(content);
    // Moved to the end: the first one is the least recently used.
    this.#byContent.delete(content);
    const encoded = known ?? {
      any: encodeAny(resource),
      digest: createHash('sha256').update(content).digest('base64'),
    };
    this.#byContent.set(content, encoded);
    if (this.#byContent.size > KEPT) this.#byContent.delete(this.#byContent.keys().next().value ?? '');
    return encoded;
  }
}

/** Equal for equal resources in equal order. */
export function versionOf(resources: readonly Encoded[]): string {
  const hash = createHash('sha256');
  for (const { digest } of resources) hash.update(digest);
  return hash.digest('hex').slice(0, 16);
}

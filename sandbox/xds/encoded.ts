/** Encoded resources. Most are the same for many proxies and pushes: each is encoded once, and looked up by its content. */
import { createHash } from 'node:crypto';
import { isRecord } from '../../model/fields.ts';
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
  /** By type and name: what was asked for last. A push creates most resources again, equal to those of the push before. */
  readonly #last = new Map<string, { readonly resource: Resource; readonly encoded: Encoded }>();

  /** @throws {Error} naming a field that the resource's type does not have. */
  of(resource: Resource): Encoded {
    const known = this.#byObject.get(resource);
    if (known !== undefined) return known;
    const name = `${resource['@type']} ${String(resource['name'] ?? resource['cluster_name'])}`;
    const last = this.#last.get(name);
    // Comparing with the last one costs less than writing its JSON.
    const encoded = last !== undefined && isSame(last.resource, resource) ? last.encoded : this.#byItsContent(resource);
    this.#byObject.set(resource, encoded);
    if (this.#last.size > KEPT) this.#last.clear();
    this.#last.set(name, { resource, encoded });
    return encoded;
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

/** Whether two values have the same JSON, with their fields in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  const others = Object.keys(b);
  return keys.length === others.length && keys.every((key, index) => key === others[index] && isSame(a[key], b[key]));
}

/** Equal for equal resources in equal order. */
export function versionOf(resources: readonly Encoded[]): string {
  const hash = createHash('sha256');
  for (const { digest } of resources) hash.update(digest);
  return hash.digest('hex').slice(0, 16);
}

/**
 * Objects that a controller has just created or deleted but not yet seen through its watch. Without this, a reconcile with an
 * outdated copy would create the same pods again.
 */
import type { KubeObject } from './client.ts';

const EXPIRE_MS = 30_000;

export class Expectations<T extends KubeObject> {
  readonly #created = new Map<string, { object: T; until: number }>();
  readonly #deleted = new Map<string, number>();

  created(object: T): void {
    this.#created.set(object.metadata.uid ?? '', { object, until: Date.now() + EXPIRE_MS });
  }

  deleted(object: T): void {
    this.#deleted.set(object.metadata.uid ?? '', Date.now() + EXPIRE_MS);
  }

  /** The watch has delivered this object. */
  observed(object: T, gone: boolean): void {
    const uid = object.metadata.uid ?? '';
    this.#created.delete(uid);
    if (gone || object.metadata.deletionTimestamp !== undefined) this.#deleted.delete(uid);
  }

  /** The watched objects, corrected by what has happened since. */
  correct(watched: readonly T[], belongs: (object: T) => boolean): T[] {
    const now = Date.now();
    const known = new Set(watched.map((object) => object.metadata.uid));
    const missing: T[] = [];
    for (const [uid, { object, until }] of this.#created) {
      if (until < now) this.#created.delete(uid);
      else if (!known.has(uid) && belongs(object)) missing.push(object);
    }
    return [...watched, ...missing].filter((object) => (this.#deleted.get(object.metadata.uid ?? '') ?? 0) < now);
  }
}

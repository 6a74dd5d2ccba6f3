/** A right manifest and its wrong ones, as files of mistakes write them. */
import { mergePatch } from '../../../sandbox/api/patch/merge.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface Mistaken {
  readonly right: Manifest;
  /** By what is wrong: a JSON merge patch of `right`. */
  readonly wrong: Readonly<Record<string, object>>;
}

/** What is said of the right manifest, which must be accepted. */
export const RIGHT = 'nothing wrong';

/** @returns the right manifest first, then the wrong ones. */
export function variantsOf({
  right,
  wrong,
}: Mistaken): readonly { readonly what: string; readonly manifest: unknown }[] {
  return Object.entries({ [RIGHT]: {}, ...wrong }).map(([what, patch]) => ({
    what,
    manifest: mergePatch(right, patch),
  }));
}

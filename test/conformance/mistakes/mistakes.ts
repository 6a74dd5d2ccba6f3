/** Wrong manifests as authors of labs write them, from `manifests/`, and the calls that send them. */
import { readdirSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { mergePatch } from '../../../sandbox/api/patch/merge.ts';
import type { Scenario } from '../api/call.ts';

/** One kind in a file of `manifests/`. */
interface Kind {
  readonly path: string;
  readonly right: Manifest;
  /** By what is wrong: a JSON merge patch of `right`. */
  readonly wrong: Readonly<Record<string, object>>;
}
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

const FOLDER = new URL('manifests/', import.meta.url);
/** As kubectl asks: unknown fields are errors. Nothing is stored. */
const QUERY = '?dryRun=All&fieldValidation=Strict';

/** The name of the call that sends the right manifest, which must be accepted. */
export const RIGHT = 'nothing wrong';

/** One scenario for each kind. */
export const MISTAKES: readonly Scenario[] = readdirSync(FOLDER)
  .flatMap((file) => load(readFileSync(new URL(file, FOLDER), 'utf8')) as readonly Kind[])
  .map(({ path, right, wrong }) => ({
    name: `${right.apiVersion.replaceAll(/[/.]/g, '-')}-${right.kind}`.toLowerCase(),
    calls: Object.entries({ [RIGHT]: {}, ...wrong }).map(([what, patch]) => ({
      what,
      method: 'POST' as const,
      path: path + QUERY,
      body: mergePatch(right, patch),
    })),
  }));

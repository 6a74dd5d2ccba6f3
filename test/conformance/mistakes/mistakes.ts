/** Wrong manifests as authors of labs write them, from `manifests/`, and the calls that send them. */
import { readdirSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { Scenario } from '../api/call.ts';
import { type Mistaken, variantsOf } from './variants.ts';

/** One kind in a file of `manifests/`. */
interface Kind extends Mistaken {
  readonly path: string;
}

const FOLDER = new URL('manifests/', import.meta.url);
/** As kubectl asks: unknown fields are errors. Nothing is stored. */
const QUERY = '?dryRun=All&fieldValidation=Strict';

/** One scenario for each kind. */
export const MISTAKES: readonly Scenario[] = readdirSync(FOLDER)
  .flatMap((file) => load(readFileSync(new URL(file, FOLDER), 'utf8')) as readonly Kind[])
  .map((kind) => ({
    name: `${kind.right.apiVersion.replaceAll(/[/.]/g, '-')}-${kind.right.kind}`.toLowerCase(),
    calls: variantsOf(kind).map(({ what, manifest }) => ({
      what,
      method: 'POST' as const,
      path: kind.path + QUERY,
      body: manifest,
    })),
  }));

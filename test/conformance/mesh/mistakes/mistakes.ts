/** Wrong rules of the mesh as authors of labs write them, from `manifests.yaml`, and what istiod says to them. */
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { KubeObject } from '../../../../sandbox/client/client.ts';
import { type Mistaken, variantsOf } from '../../mistakes/variants.ts';
import type { Cluster } from '../environment/cluster.ts';

/** A rule, wrong or not, with what is wrong with it. */
export interface Mistake {
  readonly what: string;
  readonly object: KubeObject;
}

const KINDS = load(readFileSync(new URL('manifests.yaml', import.meta.url), 'utf8')) as readonly Mistaken[];

export const MISTAKES: readonly Mistake[] = KINDS.flatMap((kind) =>
  variantsOf(kind).map(({ what, manifest }) => ({
    what: `${kind.right.kind}: ${what}`,
    object: { ...kind.right, metadata: { name: 'a', namespace: 'alpha' }, ...Object(manifest) },
  })),
);

/** What istiod says to each mistake; without those that the API server refuses before it asks istiod. */
export type Verdicts = Readonly<Record<string, string>>;
export const ACCEPTED = 'accepted';

const WEBHOOK = /^admission webhook "[^"]+" denied the request: (.*)$/s;

/** Asks for every mistake. */
export async function verdicts(cluster: Cluster): Promise<Verdicts> {
  const said: Record<string, string> = {};
  for (const { what, object } of MISTAKES) {
    const refusal = await cluster.refusal(object);
    const words = refusal === undefined ? ACCEPTED : WEBHOOK.exec(refusal)?.[1];
    if (words !== undefined) said[what] = words;
  }
  return said;
}

/** Reads and installs the CRDs of `schemas/crds`. */
import { readdir, readFile } from 'node:fs/promises';
import { loadAll } from 'js-yaml';
import { type Client, isOfKind, resource } from '../client/client.ts';
import { CRDS, type CustomResourceDefinition } from '../client/kinds.ts';
import { istioRelease } from '../mesh/model/release.ts';
import { createOrPatch } from './create-or-patch.ts';
import { istioCrds } from './istio/crds.ts';
import type { CatalogCsv, Release } from './release.ts';
import { crdOfRelease } from './sail/crds.ts';

const FOLDER = new URL('../../schemas/crds/', import.meta.url);
/** A real API server may take long to serve dozens of CRDs on a busy machine. */
const SERVED_MS = 60_000;
/** Cached by prefix, because an operator's installation reads its bundle several times. */
const crds = new Map<string, Promise<readonly CustomResourceDefinition[]>>();

/** The CRDs in all files whose names start with `prefix`, e.g. `maistra.io` or `istio`. */
export function readCrds(prefix: string): Promise<readonly CustomResourceDefinition[]> {
  const known = crds.get(prefix) ?? read(prefix);
  crds.set(prefix, known);
  return known;
}

async function read(prefix: string): Promise<readonly CustomResourceDefinition[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.startsWith(prefix) && name.endsWith('.yaml'));
  const texts = await Promise.all(names.sort().map((name) => readFile(new URL(name, FOLDER), 'utf8')));
  return texts.flatMap((text) => loadAll(text)).filter((document) => isOfKind(CRDS, document));
}

/** The CRDs of an operator's bundle, adapted to the release. */
export async function crdsOfBundle(
  bundle: CatalogCsv,
  { sail, release }: Release,
): Promise<readonly CustomResourceDefinition[]> {
  const all = (await Promise.all(bundle.crds.map(readCrds))).flat();
  if (sail === undefined) return all;
  return istioCrds(all, istioRelease(release).minor).map((crd) => crdOfRelease(crd, sail));
}

/** Installs CRDs. Resolves when all of them are served. */
export async function installCrds(client: Client, crds: readonly CustomResourceDefinition[]): Promise<void> {
  await Promise.all(crds.map((crd) => createOrPatch(client, CRDS, crd)));
  await Promise.all(crds.map((crd) => untilServed(client, crd)));
}

/** Polls, because a real API server serves a CRD some time after accepting it and has no watch for that. */
async function untilServed(client: Client, crd: CustomResourceDefinition): Promise<void> {
  const { spec } = crd;
  const of = resource(`${spec.group}/${spec.versions[0]?.name}`, spec.names.kind, spec.names.plural);
  const end = Date.now() + SERVED_MS;
  for (;;) {
    try {
      await client.list(of);
      return;
    } catch (error) {
      if (Date.now() > end) {
        throw new Error(
          `LW-SANDBOX-CRD: ${crd.metadata.name} was accepted but is not served after ${SERVED_MS / 1000} s`,
          {
            cause: error,
          },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

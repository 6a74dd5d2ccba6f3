/** Descriptions of the catalog's packages and their kinds, from `catalog.yaml`. */

import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { ownFormat } from '../../../model/own-format.ts';
import type { CustomResourceDefinition } from '../../client/kinds.ts';
import type { Release } from '../release.ts';

export interface PackageText {
  readonly description: string;
  /** Categories in OperatorHub, separated by commas. */
  readonly categories: string;
  readonly keywords: readonly string[];
  readonly icon: { readonly letters: string; readonly color: string };
  /** The namespace that the console suggests, unless it is `openshift-operators`. */
  readonly suggestedNamespace?: string;
}

export interface KindText {
  readonly displayName: string;
  readonly description: string;
  /** The initial content of the console's form, without `apiVersion` and `kind`. */
  readonly example?: Readonly<Record<string, unknown>>;
  readonly specDescriptors?: readonly Readonly<Record<string, unknown>>[];
}

interface CatalogTexts {
  readonly packages: Readonly<Record<string, PackageText>>;
  readonly kinds: Readonly<Record<string, KindText>>;
}

/** Cached by release, because every ClusterServiceVersion uses them. */
const texts = new WeakMap<Release, Promise<CatalogTexts>>();

/** @returns the texts with the release's values filled in. @throws when the file is not valid YAML. */
export function loadCatalogTexts(release: Release): Promise<CatalogTexts> {
  const known = texts.get(release) ?? read(release);
  texts.set(release, known);
  return known;
}

async function read({ mesh, sail }: Release): Promise<CatalogTexts> {
  const text = await readFile(new URL('./catalog.yaml', import.meta.url), 'utf8');
  const version = mesh?.default ?? sail?.default ?? '';
  return ownFormat(load(text.replaceAll('${release}', version).replaceAll('${tracing}', mesh?.formTracing ?? 'None')));
}

/** @returns the name of the package that offers the ClusterServiceVersion. */
export function packageOf(csv: string, { packages }: Release): string | undefined {
  return packages.find(({ channels }) => Object.values(channels).some((csvs) => csvs.includes(csv)))?.name;
}

/** An icon for a CSV: an SVG image of two letters. */
export function iconOf({ letters, color }: PackageText['icon']): { base64data: string; mediatype: string } {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="${color}"/><text x="32" y="42" font-family="sans-serif" font-size="28" font-weight="bold" fill="#fff" text-anchor="middle">${letters}</text></svg>`;
  return { base64data: Buffer.from(svg).toString('base64'), mediatype: 'image/svg+xml' };
}

export interface OwnedKind {
  readonly name: string;
  readonly kind: string;
  readonly version: string;
  readonly [field: string]: unknown;
}

/** The entry for a kind in the list of owned kinds in its operator's CSV. */
export function ownedKind(crd: CustomResourceDefinition, text: KindText | undefined): OwnedKind {
  const { names, version } = definitionOf(crd);
  const { displayName = names.kind, description = '', specDescriptors = [] } = text ?? {};
  return { name: crd.metadata.name, kind: names.kind, version, displayName, description, specDescriptors };
}

/** @returns the kind's example as a custom resource for the annotation `alm-examples`; an empty list without an example. */
export function examplesOf(crd: CustomResourceDefinition, text: KindText | undefined): object[] {
  if (text?.example === undefined) return [];
  const { group, names, version } = definitionOf(crd);
  return [{ apiVersion: `${group}/${version}`, kind: names.kind, ...text.example }];
}

function definitionOf(crd: CustomResourceDefinition): { group: string; names: { kind: string }; version: string } {
  const { spec } = crd;
  const version = spec.versions.find((one) => one.storage)?.name ?? spec.versions[0]?.name ?? 'v1';
  return { ...spec, version };
}

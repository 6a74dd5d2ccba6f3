/** Differences between releases in the CRDs of the Service Mesh 3 bundle. Pure. */
import { fields } from '../../../model/fields.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceVersion,
} from '../../client/kinds.ts';
import type { SailFigures } from '../release.ts';
import { GROUP } from './kinds.ts';

const PLACEHOLDER = 'v0.0.0';

/** A CRD from `schemas/crds`, as it is in this release's bundle. */
export function crdOfRelease(crd: CustomResourceDefinition, figures: SailFigures): CustomResourceDefinition {
  const { spec } = crd;
  if (spec.group === GROUP) return { ...crd, spec: { ...spec, versions: sailVersions(spec, figures) } };
  if (spec.group.endsWith('.istio.io')) return { ...crd, spec: { ...spec, versions: istioVersions(spec, figures) } };
  return crd;
}

function sailVersions(
  { names, versions }: CustomResourceDefinitionSpec,
  figures: SailFigures,
): CustomResourceVersion[] {
  const [version] = versions;
  if (version === undefined) return versions;
  const served = names.kind === 'ZTunnel' ? figures.ztunnel : [version.name];
  const { additionalPrinterColumns = [], schema, ...rest } = version;
  const filled = { ...rest, schema: { openAPIV3Schema: fields(offering(schema?.openAPIV3Schema, figures)) } };
  const elsewhere = figures.namespaceColumns ? ['Type'] : ['Namespace', 'Profile'];
  const shown = additionalPrinterColumns.filter(({ name }) => !elsewhere.includes(name));
  // ZTunnel has columns only since its v1.
  const columns = served.includes('v1') ? { additionalPrinterColumns: shown } : {};
  return served.map((name, index) => ({ ...filled, ...columns, name, storage: index === 0 }));
}

/**
 * Fills the release's default version and the enumeration of versions into a schema. The enumeration includes aliases where
 * there is a default, but not in an IstioRevision.
 */
function offering(node: unknown, figures: SailFigures): unknown {
  if (Array.isArray(node) && node[0] === PLACEHOLDER)
    return [...new Set(Object.values(figures.versions)), ...figures.endOfLife.filter((name) => !isAlias(name))];
  if (Array.isArray(node)) return node.map((item) => offering(item, figures));
  if (node === PLACEHOLDER) return figures.default;
  if (node === null || typeof node !== 'object') return node;
  const fields = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, offering(value, figures)]));
  return 'default' in node && node.default === PLACEHOLDER
    ? { ...fields, enum: [...Object.keys(figures.versions), ...figures.endOfLife] }
    : fields;
}

/** `v1.28-latest` stands for the newest patch. */
function isAlias(version: string): boolean {
  return version.endsWith('-latest');
}

/** Sets the storage version of an Istio kind. Kinds without that version are unchanged. */
function istioVersions(
  { versions }: CustomResourceDefinitionSpec,
  { istioStorage }: SailFigures,
): CustomResourceVersion[] {
  if (!versions.some(({ name }) => name === istioStorage)) return versions;
  return versions.map((version) => ({ ...version, storage: version.name === istioStorage }));
}

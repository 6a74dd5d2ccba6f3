/** What differs from release to release in the CRDs of the Service Mesh 3 bundle. Pure. */
import type { AnyObject } from '../../client/kinds.ts';
import type { SailFigures } from '../release.ts';
import { GROUP } from './kinds.ts';

interface Version {
  name: string;
  served: boolean;
  storage: boolean;
  additionalPrinterColumns?: { name: string }[];
  [field: string]: unknown;
}
interface Spec {
  group: string;
  names: { kind: string };
  versions: Version[];
}

const PLACEHOLDER = 'v0.0.0';

/** A CRD of `schemas/crds` as this release's bundle holds it. */
export function crdOfRelease(crd: AnyObject, figures: SailFigures): AnyObject {
  const spec = crd['spec'] as Spec;
  if (spec.group === GROUP) return { ...crd, spec: { ...spec, versions: sailVersions(spec, figures) } };
  if (spec.group.endsWith('.istio.io')) return { ...crd, spec: { ...spec, versions: istioVersions(spec, figures) } };
  return crd;
}

function sailVersions({ names, versions }: Spec, figures: SailFigures): Version[] {
  const [version] = versions;
  if (version === undefined) return versions;
  const served = names.kind === 'ZTunnel' ? figures.ztunnel : [version.name];
  const { additionalPrinterColumns = [], ...filled } = offering(version, figures) as Version;
  const elsewhere = figures.namespaceColumns ? ['Type'] : ['Namespace', 'Profile'];
  const shown = additionalPrinterColumns.filter(({ name }) => !elsewhere.includes(name));
  // ZTunnel had no columns before it had a v1.
  const columns = served.includes('v1') ? { additionalPrinterColumns: shown } : {};
  return served.map((name, index) => ({ ...filled, ...columns, name, storage: index === 0 }));
}

/**
 * The schema with the release's default version, and the versions it offers as an enumeration: with their aliases where there is a
 * default, without them in an IstioRevision.
 */
function offering(node: unknown, figures: SailFigures): unknown {
  if (Array.isArray(node) && node[0] === PLACEHOLDER) return [...new Set(Object.values(figures.versions))];
  if (Array.isArray(node)) return node.map((item) => offering(item, figures));
  if (node === PLACEHOLDER) return figures.default;
  if (node === null || typeof node !== 'object') return node;
  const fields = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, offering(value, figures)]));
  return 'default' in node && node.default === PLACEHOLDER
    ? { ...fields, enum: Object.keys(figures.versions) }
    : fields;
}

/** Which version of Istio's own kinds is stored; what has no such version keeps its own. */
function istioVersions({ versions }: Spec, { istioStorage }: SailFigures): Version[] {
  if (!versions.some(({ name }) => name === istioStorage)) return versions;
  return versions.map((version) => ({ ...version, storage: version.name === istioStorage }));
}

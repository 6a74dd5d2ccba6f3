/** The settings of one istiod, from which charts, webhooks and templates are rendered. */
import type { OwnerReference } from '../../client/client.ts';
import { controllerReference } from '../../client/ownership.ts';
import type { SailFigures } from '../release.ts';
import type { IstioRevision, Values } from './kinds.ts';
import { DEFAULT_REVISION } from './references.ts';
import { istioVersion } from './state.ts';

export interface Installation {
  readonly revision: string;
  readonly namespace: string;
  /** E.g. `v1.24.6`. */
  readonly version: string;
  readonly values: Values;
  readonly nativeSidecars: boolean;
  readonly owner: OwnerReference;
}

const FIRST_NATIVE = 27;

/** @throws when the release does not offer the version. */
export function installationOf(revision: IstioRevision, figures: SailFigures): Installation {
  const { metadata, spec } = revision;
  const { values = {} } = spec;
  const version = istioVersion(figures, spec.version);
  return {
    revision: metadata.name,
    namespace: spec.namespace,
    version,
    values,
    nativeSidecars: usesNativeSidecars(values.pilot?.env?.['ENABLE_NATIVE_SIDECARS'], version, figures),
    owner: controllerReference(revision),
  };
}

/** The default depends on the version of the kubelets since Istio 1.27. Before, native sidecars were off by default. */
function usesNativeSidecars(asked: string | undefined, version: string, figures: SailFigures): boolean {
  if (asked === 'true' || asked === 'false') return asked === 'true';
  const [, minor = ''] = version.split('.');
  return figures.nativeSidecars && Number(minor) >= FIRST_NATIVE;
}

/** `istiod`, or `istiod-<revision>`. */
export function istiodName(revision: string): string {
  return revision === DEFAULT_REVISION ? 'istiod' : `istiod-${revision}`;
}

/** The name of the ConfigMap with the mesh configuration. */
export function meshConfigName(revision: string): string {
  return revision === DEFAULT_REVISION ? 'istio' : `istio-${revision}`;
}

/** The name of the injector's webhooks, which includes the namespace unless it is `istio-system`. */
export function injectorName(revision: string, namespace: string): string {
  const parts = ['istio-sidecar-injector'];
  if (revision !== DEFAULT_REVISION) parts.push(revision);
  if (namespace !== 'istio-system') parts.push(namespace);
  return parts.join('-');
}

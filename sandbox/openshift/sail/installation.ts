/** One istiod as it is to be installed: what the charts, webhooks and templates are made from. */
import type { OwnerReference } from '../../client/client.ts';
import { controllerReference } from '../../client/ownership.ts';
import type { SailFigures } from '../release.ts';
import type { IstioRevision, Values } from './kinds.ts';
import { DEFAULT_REVISION } from './references.ts';
import { istioVersion } from './state.ts';

export interface Installation {
  readonly revision: string;
  readonly namespace: string;
  /** `v1.24.6` */
  readonly version: string;
  readonly values: Values;
  readonly nativeSidecars: boolean;
  readonly owner: OwnerReference;
}

const FIRST_NATIVE = 27;

/** @throws when the version is not offered. */
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

/** An istiod that is told nothing decides by the cluster's kubelets; before Istio 1.27 it did not. */
function usesNativeSidecars(asked: string | undefined, version: string, figures: SailFigures): boolean {
  if (asked === 'true' || asked === 'false') return asked === 'true';
  const [, minor = ''] = version.split('.');
  return figures.nativeSidecars && Number(minor) >= FIRST_NATIVE;
}

/** `istiod`, or `istiod-<revision>`. */
export function istiodName(revision: string): string {
  return revision === DEFAULT_REVISION ? 'istiod' : `istiod-${revision}`;
}

/** Name of the ConfigMap with the mesh's configuration. */
export function meshConfigName(revision: string): string {
  return revision === DEFAULT_REVISION ? 'istio' : `istio-${revision}`;
}

/** Name of the injector's webhooks, which says the namespace where it isn't the usual one. */
export function injectorName(revision: string, namespace: string): string {
  const parts = ['istio-sidecar-injector'];
  if (revision !== DEFAULT_REVISION) parts.push(revision);
  if (namespace !== 'istio-system') parts.push(namespace);
  return parts.join('-');
}

/** Resolves the `targetRef` of a tag or ZTunnel. */
import type { Informers } from '../../client/informers.ts';
import { GROUP, ISTIO_REVISIONS, ISTIOS, type IstioRevision, type TargetRef } from './kinds.ts';

/** @returns the revision, or the operator's error message. */
export function revisionOfTarget({ kind, name }: TargetRef, informers: Informers): IstioRevision | string {
  const revisions = informers.of(ISTIO_REVISIONS);
  if (kind === 'IstioRevision') return revisions.get(name) ?? notFound(kind, name);
  const istio = informers.of(ISTIOS).get(name);
  if (istio === undefined) return notFound(kind, name);
  const active = istio.status?.activeRevisionName;
  if (active === undefined) return 'referenced Istio has no active revision';
  return revisions.get(active) ?? notFound('IstioRevision', active);
}

function notFound(kind: string, name: string): string {
  return `${kind}.${GROUP} "${name}" not found`;
}

/** Istio: creates a revision for the requested version, and later removes revisions that are no longer used. */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import type { Client } from '../../client/client.ts';
import { condition } from '../../client/conditions.ts';
import { canonical } from '../../client/hash.ts';
import type { Condition } from '../../client/kinds.ts';
import { controllerOf, controllerReference } from '../../client/ownership.ts';
import { createOrPatch, putStatus, removeIfPresent } from '../create-or-patch.ts';
import type { SailFigures } from '../release.ts';
import { isTrue } from './conditions.ts';
import { ISTIO_REVISIONS, ISTIOS, type Istio, type IstioRevision } from './kinds.ts';
import { DEFAULT_REVISION } from './references.ts';
import { istioVersion, type SailState } from './state.ts';

const GRACE_SECONDS = 30;

export function startIstios(context: ControllerContext, { figures }: SailState): RunningController {
  const { client, informers } = context;
  const revisions = informers.of(ISTIO_REVISIONS);
  return controllerFor(context, 'istio-controller', ISTIOS)
    .owns(ISTIO_REVISIONS)
    .watches(ISTIO_REVISIONS, ({ object }) => {
      const owner = controllerOf(object);
      return owner?.kind === ISTIOS.kind ? [owner.name] : [];
    })
    .reconciles(async (istio) => {
      const active = activeRevisionName(istio);
      await createOrPatch(client, ISTIO_REVISIONS, revisionOf(istio, active, figures));
      const own = revisions.list().filter((one) => controllerOf(one)?.uid === istio.metadata.uid);
      const again = await removeUnused(
        client,
        istio,
        own.filter(({ metadata }) => metadata.name !== active),
      );
      const status = istioStatus(istio, active, own);
      if (canonical(status) !== canonical(istio.status ?? {})) await putStatus(client, ISTIOS, istio, status);
      return again;
    });
}

/** The Istio's name. With the strategy RevisionBased, also the version from its spec (`v1.28-latest`). */
export function activeRevisionName({ metadata, spec }: Istio): string {
  if (spec.updateStrategy?.type !== 'RevisionBased') return metadata.name;
  return `${metadata.name}-${spec.version.replaceAll('.', '-')}`;
}

/** The revision, with the version alias resolved and the values that the operator sets. */
function revisionOf(istio: Istio, name: string, figures: SailFigures): IstioRevision {
  const { version, namespace, profile, values } = istio.spec;
  const { defaultRevision: _ignored, ...own } = values ?? {};
  return {
    apiVersion: ISTIO_REVISIONS.apiVersion,
    kind: ISTIO_REVISIONS.kind,
    metadata: { name, ownerReferences: [controllerReference(istio)] },
    spec: {
      version: istioVersion(figures, version),
      namespace,
      values: {
        ...(profile === undefined ? {} : { profile }),
        ...own,
        global: { ...own.global, istioNamespace: namespace },
        revision: name === DEFAULT_REVISION ? '' : name,
      },
    },
  };
}

/** @returns the milliseconds until the next revision can be removed, `undefined` if none is waiting. */
async function removeUnused(client: Client, istio: Istio, old: readonly IstioRevision[]): Promise<number | undefined> {
  const grace = (istio.spec.updateStrategy?.inactiveRevisionDeletionGracePeriodSeconds ?? GRACE_SECONDS) * 1000;
  let next: number | undefined;
  for (const revision of old) {
    const used = condition(revision.status?.conditions, 'InUse');
    if (used?.status !== 'False') continue;
    const left = Date.parse(used.lastTransitionTime ?? '') + grace - Date.now();
    if (left <= 0) await removeIfPresent(client, ISTIO_REVISIONS, revision.metadata.name);
    else next = Math.min(next ?? left, left);
  }
  return next;
}

/** The status of an Istio, with the conditions and state of its active revision. */
export function istioStatus(istio: Istio, active: string, own: readonly IstioRevision[]): NonNullable<Istio['status']> {
  const status = own.find(({ metadata }) => metadata.name === active)?.status;
  const conditions = status?.conditions?.filter(({ type }) => type !== 'InUse');
  return {
    observedGeneration: istio.metadata.generation ?? 1,
    activeRevisionName: active,
    conditions: conditions ?? notFound(),
    state: status?.state ?? 'ActiveRevisionNotFound',
    revisions: {
      total: own.length,
      ready: own.filter((one) => isTrue(one.status, 'Ready')).length,
      inUse: own.filter((one) => isTrue(one.status, 'InUse')).length,
    },
  };
}

function notFound(): Condition[] {
  const reason = 'ActiveRevisionNotFound';
  const message = 'active IstioRevision not found';
  return ['Reconciled', 'Ready'].map((type) => ({ type, status: 'False', reason, message }));
}

/** Istio: creates a revision for the requested version, and later removes revisions that are no longer used. */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import type { Client } from '../../client/client.ts';
import { condition, withCondition } from '../../client/conditions.ts';
import { canonical } from '../../client/hash.ts';
import type { Condition } from '../../client/kinds.ts';
import { controllerOf, controllerReference } from '../../client/ownership.ts';
import { createOrPatch, putStatus, removeIfPresent } from '../create-or-patch.ts';
import { isTrue } from './conditions.ts';
import { ISTIO_REVISIONS, ISTIOS, type Istio, type IstioRevision } from './kinds.ts';
import { DEFAULT_REVISION } from './references.ts';
import { resolveVersion, type SailState } from './state.ts';

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
      const owned = (): IstioRevision[] =>
        revisions.list().filter((one) => controllerOf(one)?.uid === istio.metadata.uid);
      const report = async (status: NonNullable<Istio['status']>): Promise<void> => {
        if (canonical(status) !== canonical(istio.status ?? {})) await putStatus(client, ISTIOS, istio, status);
      };
      const resolved = resolveVersion(figures, istio.spec.version);
      if (resolved.version === undefined) return report(failedStatus(istio, resolved.error, owned()));
      await createOrPatch(client, ISTIO_REVISIONS, revisionOf(istio, active, resolved.version));
      const own = owned();
      const again = await removeUnused(
        client,
        istio,
        own.filter(({ metadata }) => metadata.name !== active),
      );
      await report(istioStatus(istio, active, own));
      return again;
    });
}

/** The Istio's name. With the strategy RevisionBased, also the version from its spec (`v1.28-latest`). */
export function activeRevisionName({ metadata, spec }: Istio): string {
  if (spec.updateStrategy?.type !== 'RevisionBased') return metadata.name;
  return `${metadata.name}-${spec.version.replaceAll('.', '-')}`;
}

/** The revision, with the values that the operator sets. @param version without an alias. */
function revisionOf(istio: Istio, name: string, version: string): IstioRevision {
  const { namespace, profile, values } = istio.spec;
  const { defaultRevision: _ignored, ...own } = values ?? {};
  return {
    apiVersion: ISTIO_REVISIONS.apiVersion,
    kind: ISTIO_REVISIONS.kind,
    metadata: { name, ownerReferences: [controllerReference(istio)] },
    spec: {
      version,
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
    revisions: counts(own),
  };
}

/** The status of an Istio whose version the operator does not install. Earlier revisions go on. */
function failedStatus(
  { metadata, status }: Istio,
  message: string,
  own: readonly IstioRevision[],
): NonNullable<Istio['status']> {
  const reason = 'ReconcileError';
  const unknown = 'cannot determine readiness due to reconciliation error';
  const failed = withCondition(status?.conditions ?? [], { type: 'Reconciled', status: 'False', reason, message });
  return {
    ...status,
    observedGeneration: metadata.generation ?? 1,
    conditions: withCondition(failed, { type: 'Ready', status: 'Unknown', reason, message: unknown }),
    state: reason,
    revisions: counts(own),
  };
}

function counts(own: readonly IstioRevision[]): { total: number; ready: number; inUse: number } {
  return {
    total: own.length,
    ready: own.filter((one) => isTrue(one.status, 'Ready')).length,
    inUse: own.filter((one) => isTrue(one.status, 'InUse')).length,
  };
}

function notFound(): Condition[] {
  const reason = 'ActiveRevisionNotFound';
  const message = 'active IstioRevision not found';
  return ['Reconciled', 'Ready'].map((type) => ({ type, status: 'False', reason, message }));
}

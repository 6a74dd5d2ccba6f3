/** IstioRevisionTag: another name by which namespaces and pods can refer to a revision. */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { withCondition } from '../../client/conditions.ts';
import { canonical } from '../../client/hash.ts';
import { keyOf } from '../../client/informer.ts';
import { type Condition, NAMESPACES, PODS } from '../../client/kinds.ts';
import { controllerReference } from '../../client/ownership.ts';
import { putStatus } from '../create-or-patch.ts';
import { HEALTHY, inUse, nameTaken, reconcileError, statusOf, type Trouble } from './conditions.ts';
import { withFinalizer } from './finalizer.ts';
import { installationOf } from './installation.ts';
import { ISTIO_REVISIONS, ISTIOS, type IstioRevision, type IstioRevisionTag, REVISION_TAGS } from './kinds.ts';
import { DEFAULT_REVISION, isReferenced, referencesOfPod } from './references.ts';
import type { SailState } from './state.ts';
import { revisionOfTarget } from './target.ts';
import { registerDefaultValidation, registerInjector } from './webhooks.ts';

export function startRevisionTags(context: ControllerContext, state: SailState): RunningController {
  const { informers } = context;
  const worker = new Worker(context, state);
  const all = (): string[] => informers.of(REVISION_TAGS).list().map(keyOf);
  return controllerFor(context, 'istiorevisiontag-controller', REVISION_TAGS)
    .watches(ISTIOS, all)
    .watches(ISTIO_REVISIONS, all)
    .watches(NAMESPACES, all, {
      when: ({ type, object, before }) =>
        type !== 'modified' || canonical(object.metadata.labels) !== canonical(before?.metadata.labels),
    })
    .watches(PODS, all, {
      when: ({ type, object, before }) =>
        type !== 'modified' || before === undefined || referencesOfPod(object) !== referencesOfPod(before),
    })
    .reconciles(withFinalizer(context.client, REVISION_TAGS, (tag) => worker.reconcile(tag)));
}

class Worker {
  readonly #context: ControllerContext;
  readonly #state: SailState;

  constructor(context: ControllerContext, state: SailState) {
    this.#context = context;
    this.#state = state;
  }

  async reconcile(tag: IstioRevisionTag): Promise<void> {
    const { client } = this.#context;
    const { figures } = this.#state;
    const target = revisionOfTarget(tag.spec.targetRef, this.#context.informers);
    const findings = { Reconciled: await this.#apply(tag, target) };
    const status = statusOf(tag.status, tag.metadata.generation, findings, figures);
    const used = this.#use(tag.metadata.name, target);
    const next = {
      ...status,
      conditions: withCondition(status.conditions, used),
      // An unused tag shows that in its state.
      state: status.state === HEALTHY && used.status !== 'True' ? (used.reason ?? HEALTHY) : status.state,
      ...targetStatus(tag, findings.Reconciled === undefined ? target : undefined),
    };
    if (canonical(next) !== canonical(tag.status ?? {})) await putStatus(client, REVISION_TAGS, tag, next);
  }

  async #apply(tag: IstioRevisionTag, target: IstioRevision | string): Promise<Trouble | undefined> {
    const { client, informers } = this.#context;
    const { name } = tag.metadata;
    const revision = informers.of(ISTIO_REVISIONS).get(name);
    const trouble = nameTaken(tag, revision, 'IstioRevision', this.#state.figures) ?? this.#missing(tag);
    if (trouble !== undefined) return trouble;
    if (typeof target === 'string') return reconcileError(target);
    const { webhooks, figures } = this.#state;
    const installation = installationOf(target, figures);
    const owner = controllerReference(tag);
    const configuration = `istio-revision-tag-${name}`;
    await registerInjector(client, webhooks, installation, { name, configuration, owner: [owner] });
    if (name === DEFAULT_REVISION) await registerDefaultValidation(client, this.#state, installation, owner);
    return undefined;
  }

  #missing({ spec: { targetRef } }: IstioRevisionTag): Trouble | undefined {
    const { informers } = this.#context;
    const found = informers.of(targetRef.kind === 'Istio' ? ISTIOS : ISTIO_REVISIONS).get(targetRef.name);
    if (found !== undefined) return undefined;
    return { reason: 'RefNotFound', message: `referenced ${targetRef.kind} resource does not exist` };
  }

  /** The condition InUse. It is Unknown when the tag has no target and nothing refers to it. */
  #use(name: string, target: IstioRevision | string): Condition {
    const { informers } = this.#context;
    const isUsed = isReferenced(name, 'tag', informers.of(NAMESPACES).list(), informers.of(PODS).list());
    if (isUsed || typeof target !== 'string') return inUse(isUsed);
    const message = `failed to determine if revision tag is in use: ${target}`;
    return { type: 'InUse', status: 'Unknown', reason: 'UsageCheckFailed', message };
  }
}

/** The revision of the tag. When the reconciliation failed, the previous one. */
function targetStatus(
  { status }: IstioRevisionTag,
  revision: IstioRevision | string | undefined,
): IstioRevisionTag['status'] {
  if (typeof revision === 'object')
    return { istioRevision: revision.metadata.name, istiodNamespace: revision.spec.namespace };
  const { istioRevision, istiodNamespace } = status ?? {};
  return {
    ...(istioRevision === undefined ? {} : { istioRevision }),
    ...(istiodNamespace === undefined ? {} : { istiodNamespace }),
  };
}

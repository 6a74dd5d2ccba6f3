/** IstioRevisionTag: another name under which namespaces and pods can refer to a revision. */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { withCondition } from '../../client/conditions.ts';
import { canonical } from '../../client/hash.ts';
import { keyOf } from '../../client/informer.ts';
import { NAMESPACES, PODS } from '../../client/kinds.ts';
import { controllerReference } from '../../client/ownership.ts';
import { putStatus } from '../create-or-patch.ts';
import { type Findings, inUse, statusOf } from './conditions.ts';
import { installationOf } from './installation.ts';
import { ISTIO_REVISIONS, ISTIOS, type IstioRevision, type IstioRevisionTag, REVISION_TAGS } from './kinds.ts';
import { DEFAULT_REVISION, isReferenced, revisionOfPod } from './references.ts';
import type { SailState } from './state.ts';
import { registerDefaultValidation, registerInjector } from './webhooks.ts';

export function startRevisionTags(context: ControllerContext, state: SailState): RunningController {
  const { informers } = context;
  const worker = new Worker(context, state);
  const all = (): string[] => informers.of(REVISION_TAGS).list().map(keyOf);
  return controllerFor(context, 'istiorevisiontag-controller', REVISION_TAGS)
    .watches(ISTIOS, all)
    .watches(ISTIO_REVISIONS, all)
    .watches(NAMESPACES, all, {
      when: ({ object, before }) => canonical(object.metadata.labels) !== canonical(before?.metadata.labels),
    })
    .watches(PODS, all, { when: ({ object }) => revisionOfPod(object) !== undefined })
    .reconciles((tag) => worker.reconcile(tag));
}

class Worker {
  readonly #context: ControllerContext;
  readonly #state: SailState;

  constructor(context: ControllerContext, state: SailState) {
    this.#context = context;
    this.#state = state;
  }

  async reconcile(tag: IstioRevisionTag): Promise<void> {
    const { client, informers } = this.#context;
    const { figures } = this.#state;
    const revision = this.#target(tag);
    const status = statusOf(tag.status, tag.metadata.generation, await this.#apply(tag, revision), figures);
    const used = isReferenced(tag.metadata.name, informers.of(NAMESPACES).list(), informers.of(PODS).list());
    const next = {
      ...status,
      conditions: withCondition(status.conditions, inUse(used)),
      // A tag that nothing refers to says so in its state.
      state: status.state === 'Healthy' && !used ? 'NotReferencedByAnything' : status.state,
      ...(revision === undefined
        ? {}
        : { istioRevision: revision.metadata.name, istiodNamespace: revision.spec.namespace }),
    };
    if (canonical(next) !== canonical(tag.status ?? {})) await putStatus(client, REVISION_TAGS, tag, next);
  }

  async #apply(tag: IstioRevisionTag, revision: IstioRevision | undefined): Promise<Findings> {
    const { name } = tag.metadata;
    const { targetRef } = tag.spec;
    if (this.#context.informers.of(ISTIO_REVISIONS).get(name) !== undefined) {
      const message = `an IstioRevision exists with this name`;
      return { Reconciled: { reason: 'NameAlreadyExists', message } };
    }
    if (revision === undefined)
      return {
        Reconciled: {
          reason: 'RefNotFound',
          message: `referenced ${targetRef.kind} "${targetRef.name}" does not exist`,
        },
      };
    const { client } = this.#context;
    const { webhooks, figures } = this.#state;
    const installation = installationOf(revision, figures);
    const owner = controllerReference(tag);
    const configuration = `istio-revision-tag-${name}`;
    await registerInjector(client, webhooks, installation, { name, configuration, owner: [owner] });
    if (name === DEFAULT_REVISION) await registerDefaultValidation(client, webhooks, installation, owner);
    return { Reconciled: undefined };
  }

  #target({ spec: { targetRef } }: IstioRevisionTag): IstioRevision | undefined {
    const { informers } = this.#context;
    const name =
      targetRef.kind === 'Istio'
        ? informers.of(ISTIOS).get(targetRef.name)?.status?.activeRevisionName
        : targetRef.name;
    return name === undefined ? undefined : informers.of(ISTIO_REVISIONS).get(name);
  }
}

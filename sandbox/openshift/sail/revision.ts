/** IstioRevision: installs and monitors one istiod. */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { withCondition } from '../../client/conditions.ts';
import { canonical } from '../../client/hash.ts';
import { keyOf } from '../../client/informer.ts';
import { DEPLOYMENTS, type Deployment, NAMESPACES, PODS } from '../../client/kinds.ts';
import { controllerReference } from '../../client/ownership.ts';
import { createOrPatch, putStatus, resourceOf } from '../create-or-patch.ts';
import { istiod } from './charts.ts';
import {
  type Findings,
  HEALTHY,
  inUse,
  namespaceTrouble,
  nameTaken,
  reconcileError,
  statusOf,
  type Trouble,
} from './conditions.ts';
import { withFinalizer } from './finalizer.ts';
import { type Installation, injectorName, installationOf, istiodName } from './installation.ts';
import { ISTIO_CNIS, ISTIO_REVISIONS, type IstioRevision, REVISION_TAGS, type Values, ztunnels } from './kinds.ts';
import { isReferenced, referencesOfPod } from './references.ts';
import type { SailState } from './state.ts';
import { registerInjector, registerValidation } from './webhooks.ts';

export function startRevisions(context: ControllerContext, state: SailState): RunningController {
  const { informers } = context;
  const worker = new Worker(context, state);
  const all = (): string[] => informers.of(ISTIO_REVISIONS).list().map(keyOf);
  return controllerFor(context, 'istiorevision-controller', ISTIO_REVISIONS)
    .watches(DEPLOYMENTS, ({ object }) => {
      const owner = object.metadata.ownerReferences?.find(({ kind }) => kind === ISTIO_REVISIONS.kind);
      return owner === undefined ? [] : [owner.name];
    })
    .watches(ISTIO_CNIS, all)
    .watches(worker.ztunnels, all)
    .watches(REVISION_TAGS, all)
    .watches(NAMESPACES, all, {
      when: ({ type, object, before }) =>
        type !== 'modified' || canonical(object.metadata.labels) !== canonical(before?.metadata.labels),
    })
    .watches(PODS, all, {
      when: ({ type, object, before }) =>
        type !== 'modified' || before === undefined || referencesOfPod(object) !== referencesOfPod(before),
    })
    .reconciles(withFinalizer(context.client, ISTIO_REVISIONS, (revision) => worker.reconcile(revision)));
}

class Worker {
  readonly ztunnels: ReturnType<typeof ztunnels>;
  readonly #context: ControllerContext;
  readonly #state: SailState;

  constructor(context: ControllerContext, state: SailState) {
    this.#context = context;
    this.#state = state;
    this.ztunnels = ztunnels(state.figures.ztunnel[0] ?? 'v1');
  }

  async reconcile(revision: IstioRevision): Promise<void> {
    const { client } = this.#context;
    const findings = await this.#install(revision);
    const { figures } = this.#state;
    const status = statusOf(revision.status, revision.metadata.generation, findings, figures);
    const conditions = withCondition(status.conditions, inUse(this.#isUsed(revision.metadata.name)));
    const next = { ...status, conditions };
    if (canonical(next) !== canonical(revision.status ?? {})) await putStatus(client, ISTIO_REVISIONS, revision, next);
  }

  /** Checks readiness and dependencies even when the charts could not be applied. */
  async #install(revision: IstioRevision): Promise<Findings> {
    const { informers } = this.#context;
    const { namespace } = revision.spec;
    const Reconciled = await this.#apply(revision);
    const Ready = readiness(informers.of(DEPLOYMENTS).get(`${namespace}/${istiodName(revision.metadata.name)}`));
    if (!this.#state.figures.dependencies) return { Reconciled, Ready };
    return { Reconciled, Ready, DependenciesHealthy: this.#dependencies(revision.spec.values ?? {}) };
  }

  async #apply(revision: IstioRevision): Promise<Trouble | undefined> {
    const { client, informers } = this.#context;
    const { namespace } = revision.spec;
    const tag = informers.of(REVISION_TAGS).get(revision.metadata.name);
    const trouble =
      nameTaken(revision, tag, 'IstioRevisionTag', this.#state.figures) ??
      namespaceTrouble(informers.of(NAMESPACES).get(namespace), namespace);
    if (trouble !== undefined) return trouble;
    try {
      const installation = installationOf(revision, this.#state.figures);
      for (const object of istiod(installation)) await createOrPatch(client, resourceOf(object), object);
      await this.#registerWebhooks(installation, revision);
      return undefined;
    } catch (error) {
      return reconcileError(error instanceof Error ? error.message : String(error));
    }
  }

  async #registerWebhooks(installation: Installation, revision: IstioRevision): Promise<void> {
    const { client } = this.#context;
    const { webhooks } = this.#state;
    await registerInjector(client, webhooks, installation, {
      name: installation.revision,
      configuration: injectorName(installation.revision, installation.namespace),
      owner: [controllerReference(revision)],
    });
    await registerValidation(client, this.#state, installation);
  }

  #dependencies(values: Values): Trouble | undefined {
    const { informers } = this.#context;
    if (values.pilot?.cni?.enabled !== false) {
      const [cni] = informers.of(ISTIO_CNIS).list();
      if (cni === undefined) return { reason: 'IstioCNINotFound', message: 'IstioCNI resource does not exist' };
      if (cni.status?.state !== HEALTHY) return unhealthy('IstioCNI');
    }
    if (!isAmbient(values)) return undefined;
    const [ztunnel] = informers.of(this.ztunnels).list();
    if (ztunnel === undefined) return { reason: 'ZTunnelNotFound', message: 'ZTunnel resource does not exist' };
    return ztunnel.status?.state === HEALTHY ? undefined : unhealthy('ZTunnel');
  }

  /** Whether a tag (used or unused), a namespace or a pod refers to the revision. */
  #isUsed(name: string): boolean {
    const { informers } = this.#context;
    if (
      informers
        .of(REVISION_TAGS)
        .list()
        .some(({ status }) => status?.istioRevision === name)
    )
      return true;
    return isReferenced(name, 'revision', informers.of(NAMESPACES).list(), informers.of(PODS).list());
  }
}

function isAmbient({ profile, pilot }: Values): boolean {
  return profile === 'ambient' || profile === 'openshift-ambient' || pilot?.env?.['PILOT_ENABLE_AMBIENT'] === 'true';
}

function unhealthy(kind: string): Trouble {
  return {
    reason: `${kind}NotHealthy`,
    message: `${kind} resource status indicates that the component is not healthy`,
  };
}

function readiness(istiod: Deployment | undefined): Trouble | undefined {
  const trouble = (message: string): Trouble => ({ reason: 'IstiodNotReady', message });
  if (istiod === undefined) return trouble('istiod Deployment not found');
  const { replicas = 0, readyReplicas = 0 } = istiod.status ?? {};
  // This also applies to a new Deployment, whose status has no replicas yet.
  if (replicas === 0) return trouble('istiod Deployment is scaled to zero replicas');
  return readyReplicas >= replicas ? undefined : trouble('not all istiod pods are ready');
}

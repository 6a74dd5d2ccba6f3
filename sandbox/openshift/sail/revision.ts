/** IstioRevision: installs one istiod and monitors it. */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { withCondition } from '../../client/conditions.ts';
import { canonical } from '../../client/hash.ts';
import { keyOf } from '../../client/informer.ts';
import { DEPLOYMENTS, type Deployment, NAMESPACES, PODS } from '../../client/kinds.ts';
import { controllerReference } from '../../client/ownership.ts';
import { createOrPatch, putStatus, resourceOf } from '../create-or-patch.ts';
import { istiod } from './charts.ts';
import { type Findings, failed, HEALTHY, inUse, isTrue, statusOf, type Trouble } from './conditions.ts';
import { type Installation, injectorName, installationOf, istiodName } from './installation.ts';
import { ISTIO_CNIS, ISTIO_REVISIONS, type IstioRevision, REVISION_TAGS, ztunnels } from './kinds.ts';
import { isReferenced, revisionOfPod } from './references.ts';
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
      when: ({ object, before }) => canonical(object.metadata.labels) !== canonical(before?.metadata.labels),
    })
    .watches(PODS, all, {
      when: ({ type, object, before }) =>
        type === 'deleted'
          ? revisionOfPod(object) !== undefined
          : revisionOfPod(object) !== (before && revisionOfPod(before)),
    })
    .reconciles((revision) => worker.reconcile(revision));
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

  async #install(revision: IstioRevision): Promise<Findings> {
    const { informers } = this.#context;
    const { namespace } = revision.spec;
    const target = informers.of(NAMESPACES).get(namespace);
    if (target === undefined) return this.#complete(failed(`namespace "${namespace}" doesn't exist`));
    if (target.metadata.deletionTimestamp !== undefined)
      return this.#complete(failed(`namespace "${namespace}" is being deleted`));
    try {
      const installation = installationOf(revision, this.#state.figures);
      await this.#apply(installation, revision);
      const deployment = informers.of(DEPLOYMENTS).get(`${namespace}/${istiodName(installation.revision)}`);
      return this.#complete({ Reconciled: undefined, Ready: readiness(deployment) }, installation);
    } catch (error) {
      return this.#complete(failed(error instanceof Error ? error.message : String(error)));
    }
  }

  async #apply(installation: Installation, revision: IstioRevision): Promise<void> {
    const { client } = this.#context;
    const { webhooks } = this.#state;
    for (const object of istiod(installation)) await createOrPatch(client, resourceOf(object), object);
    await registerInjector(client, webhooks, installation, {
      name: installation.revision,
      configuration: injectorName(installation.revision, installation.namespace),
      owner: [controllerReference(revision)],
    });
    await registerValidation(client, webhooks, installation);
  }

  /** With the health of what the control plane depends on, where the release says it. */
  #complete(findings: Findings, installation?: Installation): Findings {
    if (!this.#state.figures.dependencies) return findings;
    return {
      ...findings,
      DependenciesHealthy: installation === undefined ? undefined : this.#dependencies(installation),
    };
  }

  #dependencies({ values }: Installation): Trouble | undefined {
    const { informers } = this.#context;
    if (values.pilot?.cni?.enabled !== false) {
      const [cni] = informers.of(ISTIO_CNIS).list();
      if (cni === undefined) return { reason: 'IstioCNINotFound', message: 'IstioCNI resource does not exist' };
      if (cni.status?.state !== HEALTHY) return unhealthy('IstioCNI');
    }
    if (values.profile !== 'ambient' && values.profile !== 'openshift-ambient') return undefined;
    const [ztunnel] = informers.of(this.ztunnels).list();
    if (ztunnel === undefined) return { reason: 'ZTunnelNotFound', message: 'ZTunnel resource does not exist' };
    return ztunnel.status?.state === HEALTHY ? undefined : unhealthy('ZTunnel');
  }

  /** By name, or by a tag that is used. */
  #isUsed(name: string): boolean {
    const { informers } = this.#context;
    const tags = informers.of(REVISION_TAGS).list();
    if (tags.some(({ status }) => status?.istioRevision === name && isTrue(status, 'InUse'))) return true;
    return isReferenced(name, informers.of(NAMESPACES).list(), informers.of(PODS).list());
  }
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
  if ((istiod.spec.replicas ?? 1) === 0) return trouble('istiod Deployment is scaled to zero replicas');
  return replicas > 0 && readyReplicas >= replicas ? undefined : trouble('not all istiod pods are ready');
}

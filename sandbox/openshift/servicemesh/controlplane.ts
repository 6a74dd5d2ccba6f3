/** The operator's main controller: installs a control plane in stages, and monitors its readiness. */

import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { ApiError, type Client } from '../../client/client.ts';
import { condition } from '../../client/conditions.ts';
import { EventRecorder } from '../../client/events.ts';
import { canonical } from '../../client/hash.ts';
import { keyOf } from '../../client/informer.ts';
import { CRDS, DEPLOYMENTS, type Deployment, NAMESPACES } from '../../client/kinds.ts';
import { createOrPatch, putStatus, resourceOf } from '../create-or-patch.ts';
import { CONTROL_PLANES, type ControlPlane, type ControlPlaneStatus } from '../kinds.ts';
import { registerInjector, registerValidation } from './admission.ts';
import { hasTracing, render, stagesOf } from './charts/index.ts';
import type { Chart } from './charts/parts.ts';
import { ensureCni } from './cni.ts';
import { MEMBER_OF } from './member-namespace.ts';
import { createMeshUsers } from './mesh-users.ts';
import { FINALIZER, type OperatorState } from './operator-state.ts';
import { prune, removeMesh } from './prune.ts';
import { failed, finished, paused, started } from './status.ts';

/** The duration of the first stage, so that watchers see it. */
const STAGE_MS = 50;

export function startControlPlanes(context: ControllerContext, operator: OperatorState): RunningController {
  const { client, informers } = context;
  const planes = informers.of(CONTROL_PLANES);
  const deployments = informers.of(DEPLOYMENTS);
  const crds = informers.of(CRDS);
  const worker = new Worker(client, operator, (namespace) => deployments.list(namespace));
  const reconcile = async (plane: ControlPlane): Promise<number | undefined> =>
    operator.running ? worker.reconcile(plane, (name) => crds.get(name) !== undefined) : undefined;
  return controllerFor(context, 'servicemeshcontrolplane-controller', CONTROL_PLANES)
    .watches(DEPLOYMENTS, ({ object }) => planes.list(object.metadata.namespace).map(keyOf))
    .watches(CRDS, () => planes.list().map(keyOf), { when: ({ type }) => type === 'added' })
    .wakesOn((everything) => operator.onChange(everything))
    .reconciles({ present: reconcile, deleting: reconcile });
}

class Worker {
  readonly #client: Client;
  readonly #operator: OperatorState;
  readonly #deployments: (namespace: string) => Deployment[];
  readonly #events: EventRecorder;

  constructor(client: Client, operator: OperatorState, deployments: (namespace: string) => Deployment[]) {
    this.#client = client;
    this.#operator = operator;
    this.#deployments = deployments;
    this.#events = new EventRecorder(client, 'servicemeshcontrolplane-controller');
  }

  async reconcile(plane: ControlPlane, served: (crd: string) => boolean): Promise<number | undefined> {
    if (plane.metadata.deletionTimestamp !== undefined) return this.#delete(plane);
    if (!plane.metadata.finalizers?.includes(FINALIZER)) return this.#finalizer(plane);
    const chart = this.#chart(plane);
    const missing = missingDependency(plane, served);
    if (missing !== undefined) return this.#fail(plane, 'DependencyMissingError', `Dependency "${missing}" is missing`);
    const reconciled = condition(plane.status?.conditions, 'Reconciled');
    const current = plane.status?.observedGeneration === plane.metadata.generation && reconciled?.status === 'True';
    if (!current) {
      const fresh =
        reconciled === undefined ||
        (reconciled.status === 'True' && isInstalled(plane)) ||
        isFailure(reconciled.reason);
      if (fresh) return this.#begin(chart);
      const waiting = await this.#install(chart).catch(async (error: unknown) => {
        // A conflict is not an error: the next reconciliation reads the newer object.
        if (error instanceof ApiError && error.reason === 'Conflict') throw error;
        await this.#fail(plane, 'ReconcileError', error instanceof Error ? error.message : String(error));
        throw error;
      });
      if (waiting !== undefined) return waiting.again;
    }
    return this.#settle(chart, current);
  }

  #chart(plane: ControlPlane): Chart {
    return {
      plane,
      namespace: plane.metadata.namespace ?? '',
      mesh: plane.metadata.name,
      figures: this.#operator.figures,
    };
  }

  async #finalizer(plane: ControlPlane): Promise<undefined> {
    const { name, namespace, finalizers = [], resourceVersion } = plane.metadata;
    await this.#client.patch(CONTROL_PLANES, name, namespace, {
      metadata: { resourceVersion, finalizers: [...finalizers, FINALIZER] },
    });
    return undefined;
  }

  async #begin(chart: Chart): Promise<number> {
    const status = started(chart);
    const told = condition(status.conditions, 'Reconciled');
    this.#events.emit(
      chart.plane,
      'Normal',
      told?.reason === 'SpecUpdated' ? 'Updating' : 'Installing',
      told?.message ?? '',
    );
    await this.#write(chart.plane, status);
    return STAGE_MS;
  }

  /** Installs stages until one is not ready. @returns `undefined` when all are, else `again`: milliseconds until a retry. */
  async #install(chart: Chart): Promise<{ again: number | undefined } | undefined> {
    await ensureCni(this.#client, chart.figures);
    const labels = { [MEMBER_OF]: chart.namespace, 'maistra.io/ignore-namespace': 'ignore' };
    await this.#client.patch(NAMESPACES, chart.namespace, undefined, { metadata: { labels } });
    const installed: string[] = [];
    for (const stage of stagesOf(chart.plane.spec, chart.figures)) {
      for (const component of stage) {
        for (const object of render(chart, component)) await createOrPatch(this.#client, resourceOf(object), object);
      }
      installed.push(...stage);
      // Wait once for a new object even if it is ready at once, so that watchers see each stage.
      const ready = this.#ready(chart, installed).filter((component) => !isNew(chart, component));
      const waiting = stage.filter((component) => !ready.includes(component));
      if (waiting.length === 0) {
        if (stage.includes('istio-discovery')) {
          await createMeshUsers(this.#client, chart);
          await registerInjector(this.#client, this.#operator.webhooks, chart);
          await registerValidation(this.#client, this.#operator, chart);
        }
        continue;
      }
      const status = paused(chart, { installed, ready }, waiting);
      const told = condition(status.conditions, 'Reconciled');
      if (told?.message !== condition(chart.plane.status?.conditions, 'Reconciled')?.message) {
        this.#events.emit(chart.plane, 'Normal', told?.reason ?? 'PausingInstall', told?.message ?? '');
      }
      const fresh = stage.some((component) => isNew(chart, component));
      await this.#write(chart.plane, status);
      return { again: fresh ? STAGE_MS : undefined };
    }
    await prune(this.#client, chart, installed);
    return undefined;
  }

  async #settle(chart: Chart, current: boolean): Promise<undefined> {
    const components = stagesOf(chart.plane.spec, chart.figures).flat();
    const status = finished(chart, { installed: components, ready: this.#ready(chart, components) });
    const told = condition(status.conditions, current ? 'Ready' : 'Reconciled');
    const before = condition(chart.plane.status?.conditions, told?.type ?? '');
    if (told !== undefined && told.reason !== before?.reason) {
      const reason = current
        ? told.status === 'True'
          ? 'Ready'
          : 'NotReady'
        : told.reason === 'UpdateSuccessful'
          ? 'Updated'
          : 'Installed';
      this.#events.emit(chart.plane, 'Normal', reason, told.message ?? '');
    }
    await this.#write(chart.plane, status);
    return undefined;
  }

  /** The installed components whose Deployments are all available. */
  #ready(chart: Chart, installed: readonly string[]): string[] {
    const present = this.#deployments(chart.namespace);
    return installed.filter((component) => {
      if (chart.figures.alwaysReady.includes(component)) return true;
      const wanted = render(chart, component).filter((object) => object.kind === 'Deployment');
      return wanted.every((object) => isAvailable(present.find((one) => one.metadata.name === object.metadata.name)));
    });
  }

  async #fail(plane: ControlPlane, reason: string, message: string): Promise<undefined> {
    if (condition(plane.status?.conditions, 'Reconciled')?.message !== message)
      this.#events.emit(plane, 'Warning', reason, message);
    await this.#write(plane, failed(plane, reason, message));
    return undefined;
  }

  async #write(plane: ControlPlane, status: ControlPlaneStatus): Promise<void> {
    if (canonical(plane.status ?? {}) !== canonical(status))
      await putStatus(this.#client, CONTROL_PLANES, plane, status);
  }

  async #delete(plane: ControlPlane): Promise<undefined> {
    const { name, namespace, finalizers = [] } = plane.metadata;
    if (!finalizers.includes(FINALIZER)) return undefined;
    await removeMesh(this.#client, this.#chart(plane));
    try {
      await this.#client.patch(CONTROL_PLANES, name, namespace, {
        metadata: { finalizers: finalizers.filter((one) => one !== FINALIZER) },
      });
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
    }
    return undefined;
  }
}

function isInstalled(plane: ControlPlane): boolean {
  return condition(plane.status?.conditions, 'Installed')?.status === 'True';
}

function isNew({ plane, figures }: Chart, component: string): boolean {
  if (figures.alwaysReady.includes(component)) return false;
  const known = plane.status?.components?.find((one) => one.resource === component);
  return condition(known?.conditions, 'Installed')?.status !== 'True';
}

function isFailure(reason: string | undefined): boolean {
  return reason === 'DependencyMissingError' || reason === 'ReconcileError' || reason === 'ValidationError';
}

function isAvailable(deployment: Deployment | undefined): boolean {
  const { status, metadata } = deployment ?? {};
  return (
    status?.observedGeneration === metadata?.generation &&
    condition(status?.conditions, 'Available')?.status === 'True' &&
    (status?.unavailableReplicas ?? 0) === 0
  );
}

function missingDependency({ spec }: ControlPlane, served: (crd: string) => boolean): string | undefined {
  if (hasTracing(spec) && !served('jaegers.jaegertracing.io')) return 'Jaeger CRD';
  if (spec.addons?.['kiali']?.enabled !== false && !served('kialis.kiali.io')) return 'Kiali CRD';
  return undefined;
}

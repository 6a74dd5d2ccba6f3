/** The status of a control plane in each stage (maistra/istio-operator, reconciler.go and readiness.go). Pure. */
import { condition, withCondition } from '../../client/conditions.ts';
import type { Condition } from '../../client/kinds.ts';
import type { ControlPlane, ControlPlaneStatus } from '../kinds.ts';
import { stagesOf } from './charts/index.ts';
import { type Chart, reconciledVersion } from './charts/parts.ts';

export interface Progress {
  /** Components whose objects have been written for this generation. */
  readonly installed: readonly string[];
  /** The installed components whose Deployments are available, or that have none. */
  readonly ready: readonly string[];
}

/** Whether the control plane has been installed before, so that this is an update. */
function isUpdate(plane: ControlPlane): boolean {
  return condition(plane.status?.conditions, 'Installed')?.status === 'True';
}

export function started(chart: Chart): ControlPlaneStatus {
  const { plane } = chart;
  const generation = plane.metadata.generation ?? 1;
  if (!isUpdate(plane)) {
    const message = `Installing mesh generation ${generation}`;
    return all(plane, 'False', 'ResourceCreated', message);
  }
  const message = `Updating mesh from generation ${plane.status?.observedGeneration ?? 1} to generation ${generation}`;
  return partly(plane, 'SpecUpdated', message);
}

/** The status between two stages. @param waiting the components of the stage that are not ready. */
export function paused(chart: Chart, progress: Progress, waiting: readonly string[]): ControlPlaneStatus {
  const { plane } = chart;
  const message = `Paused until the following components become ready: [${[...waiting].sort().join(' ')}]`;
  const conditions = isUpdate(plane)
    ? partly(plane, 'PausingUpdate', message)
    : all(plane, 'False', 'PausingInstall', message);
  return withComponents(chart, progress, conditions);
}

/** The status after all stages, with the readiness of the components. */
export function finished(chart: Chart, progress: Progress): ControlPlaneStatus {
  const { plane, figures } = chart;
  const update =
    plane.status?.observedGeneration !== undefined && plane.status.observedGeneration > 0 && isUpdate(plane);
  const settled = update && plane.status?.observedGeneration === plane.metadata.generation;
  const before = condition(plane.status?.conditions, 'Reconciled');
  const reconciled: Condition =
    settled && before?.status === 'True'
      ? before
      : {
          type: 'Reconciled',
          status: 'True',
          reason: update ? 'UpdateSuccessful' : 'InstallSuccessful',
          message: `Successfully ${update ? 'updated from version' : 'installed version'} ${update ? `${figures.operatorVersion}-${plane.status?.observedGeneration} to version ` : ''}${reconciledVersion(chart)}`,
        };
  let conditions = withCondition(plane.status?.conditions ?? [], {
    type: 'Installed',
    status: 'True',
    reason: 'InstallSuccessful',
    message: 'Successfully installed all mesh components',
  });
  conditions = withCondition(withCondition(conditions, reconciled), readiness(chart, progress));
  const status = withComponents(chart, progress, { ...plane.status, conditions });
  return {
    ...status,
    observedGeneration: plane.metadata.generation ?? 1,
    operatorVersion: figures.operatorVersion,
    chartVersion: figures.chartVersion,
  };
}

export function failed(plane: ControlPlane, reason: string, message: string): ControlPlaneStatus {
  return isUpdate(plane) ? partly(plane, reason, message) : all(plane, 'False', reason, message);
}

function readiness(chart: Chart, { ready }: Progress): Condition {
  const unready = componentsOf(chart).filter((component) => !ready.includes(component));
  if (unready.length === 0) {
    return {
      type: 'Ready',
      status: 'True',
      reason: 'ComponentsReady',
      message: 'All component deployments are Available',
    };
  }
  const message = `The following components are not fully available: [${unready.sort().join(' ')}]`;
  return { type: 'Ready', status: 'False', reason: 'ComponentsNotReady', message };
}

function componentsOf({ plane, figures }: Chart): string[] {
  return stagesOf(plane.spec, figures).flat();
}

/** All three conditions, with the same reason. */
function all(plane: ControlPlane, status: 'True' | 'False', reason: string, message: string): ControlPlaneStatus {
  const conditions = ['Installed', 'Reconciled', 'Ready'].reduce<Condition[]>(
    (list, type) => withCondition(list, { type, status, reason, message }),
    plane.status?.conditions ?? [],
  );
  return { ...plane.status, conditions };
}

/** The conditions during an update: the mesh stays installed. */
function partly(plane: ControlPlane, reason: string, message: string): ControlPlaneStatus {
  const conditions = ['Reconciled', 'Ready'].reduce<Condition[]>(
    (list, type) => withCondition(list, { type, status: 'False', reason, message }),
    plane.status?.conditions ?? [],
  );
  return { ...plane.status, conditions };
}

function withComponents(chart: Chart, { installed, ready }: Progress, status: ControlPlaneStatus): ControlPlaneStatus {
  const { plane, figures } = chart;
  const components = componentsOf(chart);
  const done = { status: 'True', reason: 'InstallSuccessful', message: 'Component installed successfully' } as const;
  const open = { status: 'False', reason: 'Installing', message: 'Component is being installed' } as const;
  const old = new Map(plane.status?.components?.map((one) => [one.resource, one.conditions]));
  return {
    ...status,
    annotations: {
      ...status.annotations,
      readyComponentCount: `${ready.length}/${components.length}`,
      alwaysReadyComponents: components.filter((one) => figures.alwaysReady.includes(one)).join(','),
    },
    components: components.map((resource) => {
      const state = installed.includes(resource) ? done : open;
      const first = withCondition(old.get(resource) ?? [], { type: 'Reconciled', ...state });
      return { resource, conditions: withCondition(first, { type: 'Installed', ...state }) };
    }),
    readiness: {
      components: {
        ready: [...ready].sort(),
        unready: installed.filter((one) => !ready.includes(one)).sort(),
        pending: components.filter((one) => !installed.includes(one)).sort(),
      },
    },
    appliedSpec: {
      ...plane.spec,
      version: plane.spec.version ?? figures.default,
      profiles: plane.spec.profiles ?? ['default'],
    },
    appliedValues: {
      istio: {},
      profiles: plane.spec.profiles ?? ['default'],
      version: plane.spec.version ?? figures.default,
    },
  };
}

/** The Service Mesh 3 operator (sail operator). It runs while its ClusterServiceVersion has succeeded. */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { type ClusterServiceVersion, CSVS } from '../kinds.ts';
import { startIstioCni } from './cni.ts';
import { startGatewayClasses, startGatewayWorkloads } from './gateways.ts';
import { startIstios } from './istio.ts';
import { startRevisions } from './revision.ts';
import { startRootCertificates } from './root-certificates.ts';
import type { SailState } from './state.ts';
import { startRevisionTags } from './tag.ts';
import { startZtunnels } from './ztunnel.ts';

const PACKAGE = 'servicemeshoperator3.';

const CONTROLLERS: readonly ((context: ControllerContext, state: SailState) => RunningController)[] = [
  startIstios,
  startRevisions,
  startRevisionTags,
  startIstioCni,
  startZtunnels,
  startRootCertificates,
  startGatewayClasses,
  startGatewayWorkloads,
];

/** The kinds are installed with the operator's bundle. Without a running operator, they have no effect. */
export function startSailOperator(context: ControllerContext, state: SailState): RunningController {
  let parts: readonly RunningController[] = [];
  const stop = async (): Promise<void> => {
    const running = parts;
    parts = [];
    await Promise.all(running.map((part) => part.stop()));
  };
  const sync = async (): Promise<void> => {
    const runs = context.informers.of(CSVS).list().some(isRunning);
    if (runs && parts.length === 0) parts = CONTROLLERS.map((start) => start(context, state));
    if (!runs) await stop();
  };
  const controller = controllerFor(context, 'sail-operator', CSVS, {
    when: ({ object }) => object.metadata.name.startsWith(PACKAGE),
  }).reconciles({ present: sync, deleting: sync, gone: sync });
  return {
    name: 'sail-operator',
    stop: async () => {
      await controller.stop();
      await stop();
    },
  };
}

function isRunning({ metadata, status }: ClusterServiceVersion): boolean {
  return (
    metadata.name.startsWith(PACKAGE) &&
    metadata.labels?.['olm.copiedFrom'] === undefined &&
    metadata.deletionTimestamp === undefined &&
    status?.phase === 'Succeeded'
  );
}

/** Starts the controllers of kube-controller-manager and the scheduler. To add one, add its file and a line here. */
import type { ControllerContext, RunningController } from '../client/builder.ts';
import type { Component, SandboxContext } from '../component.ts';
import { startAutoscalers } from './autoscaler.ts';
import { startCronJobs } from './cronjob.ts';
import { startDaemonSets } from './daemonset.ts';
import { startDeployments } from './deployment.ts';
import { startDisruption } from './disruption.ts';
import { startEndpoints } from './endpoints.ts';
import { startGarbageCollector } from './garbage.ts';
import { startJobs } from './job.ts';
import { startLoadBalancers } from './load-balancer.ts';
import { startNamespaces } from './namespace.ts';
import { startPersistentVolumes } from './persistent-volumes.ts';
import { startReplicaSets, startReplicationControllers } from './replicaset.ts';
import { startRootCertificates } from './root-certificate.ts';
import { startScheduler } from './scheduler.ts';
import { startServiceAccounts } from './serviceaccount.ts';
import { startStatefulSets } from './statefulset.ts';

const CONTROLLERS: readonly ((context: ControllerContext) => RunningController)[] = [
  (context) => startServiceAccounts(context),
  startNamespaces,
  startDeployments,
  startReplicaSets,
  startReplicationControllers,
  startDaemonSets,
  startStatefulSets,
  startJobs,
  startCronJobs,
  startAutoscalers,
  startDisruption,
  startScheduler,
  startEndpoints,
  startGarbageCollector,
];

/** Starts what a real kube-controller-manager does not include: the scheduler, storage and load balancers. */
export async function startScheduling(context: SandboxContext): Promise<Component> {
  const balancers = startLoadBalancers(context, context.settings.serviceCidr);
  return together('scheduler', [startScheduler(context), balancers, ...startPersistentVolumes(context, false)]);
}

/** Resolves at once: each controller starts when its kinds have been listed. */
export async function startControllers(context: SandboxContext): Promise<Component> {
  const parts = CONTROLLERS.map((start) => start(context));
  const certificates = startRootCertificates(context, context.settings.tls.authority);
  const balancers = startLoadBalancers(context, context.settings.serviceCidr);
  return together('controllers', [...parts, certificates, balancers, ...startPersistentVolumes(context, true)]);
}

function together(name: string, parts: readonly RunningController[]): Component {
  return { name, stop: async () => void (await Promise.all(parts.map((part) => part.stop()))) };
}

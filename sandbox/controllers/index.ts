/** Starts the controllers of kube-controller-manager and the scheduler. */

import { Informers } from '../client/informers.ts';
import type { Component, SandboxContext } from '../component.ts';
import { startCronJobs } from './cronjob.ts';
import { startDaemonSets } from './daemonset.ts';
import { startDeployments } from './deployment.ts';
import { startEndpoints } from './endpoints.ts';
import { startGarbageCollector } from './garbage.ts';
import { startJobs } from './job.ts';
import { startNamespaces } from './namespace.ts';
import { startPersistentVolumes } from './persistent-volumes.ts';
import { startReplicaSets } from './replicaset.ts';
import { startScheduler } from './scheduler.ts';
import { startServiceAccounts } from './serviceaccount.ts';
import { startStatefulSets } from './statefulset.ts';

/** The scheduler and the storage, where kube-controller-manager runs. */
export async function startScheduling(context: SandboxContext): Promise<Component> {
  const informers = new Informers(context.client);
  const parts = [startScheduler(context, informers), startPersistentVolumes(context, informers, false)];
  return {
    name: 'scheduler',
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
      await informers.stop();
    },
  };
}

/** Resolves at once: each controller begins when its kinds have been listed. */
export async function startControllers(context: SandboxContext): Promise<Component> {
  const informers = new Informers(context.client);
  const parts = [
    startServiceAccounts(context, informers),
    startNamespaces(context, informers),
    startDeployments(context, informers),
    startReplicaSets(context, informers),
    startDaemonSets(context, informers),
    startStatefulSets(context, informers),
    startPersistentVolumes(context, informers, true),
    startJobs(context, informers),
    startCronJobs(context, informers),
    startScheduler(context, informers),
    startEndpoints(context, informers),
    startGarbageCollector(context, informers),
  ];
  return {
    name: 'controllers',
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
      await informers.stop();
    },
  };
}

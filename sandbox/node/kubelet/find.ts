/** Finds the container that a request to the kubelet's API addresses. */
import type { ContainerRunner } from '../container.ts';
import type { PodWorker } from '../pod-worker.ts';
import type { Pods } from '../pods.ts';

/** The container, or the reason why there is none. */
export function findRunner(
  pods: Pods,
  namespace: string,
  name: string,
  container: string | undefined,
): { worker: PodWorker; runner: ContainerRunner } | string {
  const worker = pods.find(namespace, name);
  if (worker === undefined) return `pods "${name}" not found on this node`;
  const runner = worker.runner(container);
  return runner === undefined ? `container ${container} is not in pod ${name}` : { worker, runner };
}

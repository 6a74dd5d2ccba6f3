/** Which objects a step's clicks are about to create: for the ledger of a shared cluster. */
import type { ExpectedObject } from '../../guard/types.ts';
import type { ConsoleTask } from '../../model/console.ts';

export function createdBy(tasks: readonly ConsoleTask[]): ExpectedObject[] {
  return tasks.flatMap((task): ExpectedObject[] => {
    if (task.do === 'install operator') {
      const { namespace, package: name } = task;
      // The console creates the namespace that an operator proposes; what else it creates there belongs to the namespace.
      return [
        { apiVersion: 'v1', kind: 'Namespace', name: namespace },
        { apiVersion: 'operators.coreos.com/v1alpha1', kind: 'Subscription', name, namespace },
      ];
    }
    const { apiVersion, kind } = task.object;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
    return [{ apiVersion, kind, name: task.name, ...(task.project === undefined ? {} : { namespace: task.project }) }];
  });
}

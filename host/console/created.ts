/** Which objects a step's clicks are about to create: for the ledger of a shared cluster. */
import type { ExpectedObject } from '../../guard/types.ts';
import type { ConsoleObject, ConsoleTask } from '../../model/console.ts';
import { textAt } from '../../model/fields.ts';

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
    if (task.do === 'import yaml')
      return task.objects.flatMap((object) => named(object, textAt(object, 'metadata', 'namespace')));
    return named(task.object, task.project);
  });
}

function named(object: ConsoleObject, namespace: string | undefined): ExpectedObject[] {
  const { apiVersion, kind } = object;
  const name = textAt(object, 'metadata', 'name');
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || name === undefined) return [];
  return [{ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }];
}

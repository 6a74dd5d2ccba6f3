import { listAt, textAt } from '../../tree.ts';
import { CONTAINERS, onManifests, WORKLOADS } from '../operator.ts';

export const environment = onManifests({
  name: 'workload/environment',
  summary: 'a container lacks a variable of its environment',
  missing: 'a check of the variable’s effect, or of the workload’s containers',
  kinds: WORKLOADS,
  changes: ({ object }) =>
    listAt(object, CONTAINERS).flatMap((container, index) =>
      listAt(container, ['env']).map((variable, number) => {
        const name = textAt(variable, ['name']) ?? `${number + 1}`;
        const value = textAt(variable, ['value']);
        return {
          path: [...CONTAINERS, index, 'env', number],
          value: undefined,
          description: `container ${textAt(container, ['name']) ?? index} without the variable ${name}`,
          about: [name, ...(value === undefined ? [] : [value])],
        };
      }),
    ),
});

import { listAt, textAt } from '../../tree.ts';
import { CONTAINERS, onManifests, WORKLOADS } from '../operator.ts';

export const crashLoop = onManifests({
  name: 'workload/crash-loop',
  summary: 'a container ends as soon as it has started',
  missing: 'a step that waits until the workload is ready',
  kinds: WORKLOADS,
  changes: ({ object }) =>
    listAt(object, CONTAINERS).map((container, index) => ({
      path: [...CONTAINERS, index, 'command'],
      value: ['sh', '-c', 'exit 1'],
      description: `container ${textAt(container, ['name']) ?? index} runs a command that fails`,
    })),
});

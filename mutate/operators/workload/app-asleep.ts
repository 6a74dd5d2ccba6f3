import { listAt, textAt } from '../../tree.ts';
import { CONTAINERS, onManifests, WORKLOADS } from '../operator.ts';

export const appAsleep = onManifests({
  name: 'workload/app-asleep',
  summary: 'a pod is ready, but its program does not listen',
  missing: 'a check that asks the program for something',
  kinds: WORKLOADS,
  changes: ({ object }) =>
    listAt(object, CONTAINERS).map((container, index) => ({
      path: [...CONTAINERS, index, 'command'],
      value: ['sleep', 'infinity'],
      description: `container ${textAt(container, ['name']) ?? index} sleeps instead of running its program`,
      about: ['503'],
    })),
});

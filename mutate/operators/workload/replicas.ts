import { numberAt } from '../../tree.ts';
import { onManifests, WORKLOADS } from '../operator.ts';

export const replicas = onManifests({
  name: 'workload/replicas',
  summary: 'a workload has one replica too few, or one too many if it has only one',
  missing: 'a check of the number of pods',
  kinds: WORKLOADS,
  changes: ({ object }) => {
    const path = ['spec', 'replicas'];
    const count = numberAt(object, path);
    if (count === undefined || count === 0) return [];
    const wrong = count === 1 ? 2 : count - 1;
    return [{ path, value: wrong, description: `replicas: ${wrong} instead of ${count}`, about: ['pods'] }];
  },
});

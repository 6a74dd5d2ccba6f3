import { textsAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const selector = onManifests({
  name: 'workload/selector',
  summary: 'a Service selects pods by a label value that none has',
  missing: 'a check that the Service is answered',
  kinds: ['Service'],
  changes: ({ object }) =>
    [...textsAt(object, ['spec', 'selector'])].map(([key, value]) => ({
      path: ['spec', 'selector', key],
      value: `${value}-typo`,
      description: `selector ${key}: ${value}-typo instead of ${value}`,
    })),
});

import { textsAt } from '../../tree.ts';
import { onManifests, TEMPLATE, WORKLOADS } from '../operator.ts';

export const labelWrong = onManifests({
  name: 'workload/label-wrong',
  summary: 'the pods have another value of a label than rules and Services select',
  missing: 'a check that traffic to the version or role that the label names is answered',
  kinds: WORKLOADS,
  changes: ({ object }) =>
    [...textsAt(object, [...TEMPLATE, 'metadata', 'labels'])].map(([key, value]) => ({
      path: [...TEMPLATE, 'metadata', 'labels', key],
      value: `${value}-typo`,
      description: `label ${key}: ${value}-typo instead of ${value}`,
      about: [key, value],
    })),
});

import { listAt, textAt, textsAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const subsetLabels = onManifests({
  name: 'routing/subset-labels',
  summary: 'a subset selects pods by a label value that none has',
  missing: 'a check that the subset’s version answers',
  kinds: ['DestinationRule'],
  changes: ({ object }) =>
    listAt(object, ['spec', 'subsets']).flatMap((subset, index) => {
      const name = textAt(subset, ['name']) ?? String(index);
      return [...textsAt(subset, ['labels'])].map(([key, value]) => ({
        path: ['spec', 'subsets', index, 'labels', key],
        value: `${value}-typo`,
        description: `subset ${name}: ${key}: ${value}-typo instead of ${value}`,
        about: [name],
      }));
    }),
});

import { listAt, textAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const subsetMissing = onManifests({
  name: 'routing/subset-missing',
  summary: 'a subset is not defined',
  missing: 'a check that the subset’s version answers',
  kinds: ['DestinationRule'],
  changes: ({ object }) =>
    listAt(object, ['spec', 'subsets']).map((subset, index) => {
      const name = textAt(subset, ['name']) ?? String(index);
      return {
        path: ['spec', 'subsets', index],
        value: undefined,
        description: `without the subset ${name}`,
        about: [name],
      };
    }),
});

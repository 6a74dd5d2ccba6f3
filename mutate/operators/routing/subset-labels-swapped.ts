import { listAt, replaced, textAt, valueAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const subsetLabelsSwapped = onManifests({
  name: 'routing/subset-labels-swapped',
  summary: 'two subsets select each other’s pods',
  missing: 'a check of which version answers',
  kinds: ['DestinationRule'],
  changes: ({ object }) => {
    const path = ['spec', 'subsets'];
    const [first, second, ...rest] = listAt(object, path);
    if (first === undefined || second === undefined) return [];
    const value = [
      replaced(first, ['labels'], valueAt(second, ['labels'])),
      replaced(second, ['labels'], valueAt(first, ['labels'])),
      ...rest,
    ];
    const names = [first, second].flatMap((subset) => textAt(subset, ['name']) ?? []);
    return [{ path, value, description: `labels of the subsets ${names.join(' and ')} exchanged`, about: names }];
  },
});

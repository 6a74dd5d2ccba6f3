import { type Change, onManifests } from '../operator.ts';
import { destinationsOf, subsetsOf } from './destinations.ts';

/** Clients notice nothing: responses to mirrored requests are discarded. */
export const mirror = onManifests({
  name: 'routing/mirror',
  summary: 'requests are copied to another subset',
  missing: 'a check of the whole rule as the cluster has it',
  kinds: ['VirtualService'],
  changes: ({ object }, subject) => {
    const [first] = destinationsOf(object).flat();
    if (first?.path[1] !== 'http') return [];
    const subset = subsetsOf(first.host, subject).find((name) => name !== first.subset);
    if (subset === undefined) return [];
    return [
      {
        path: [...first.path.slice(0, 3), 'mirror'],
        value: { host: first.host, subset },
        description: `requests are copied to subset ${subset}`,
        about: ['mirror'],
      },
    ] satisfies Change[];
  },
});

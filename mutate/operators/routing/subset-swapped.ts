import { onManifests } from '../operator.ts';
import { destinationsOf, subsetsOf } from './destinations.ts';

export const subsetSwapped = onManifests({
  name: 'routing/subset-swapped',
  summary: 'a rule routes to another subset',
  missing: 'a check of which version answers after the rule was applied',
  kinds: ['VirtualService'],
  changes: ({ object }, subject) =>
    destinationsOf(object).flatMap((rule) =>
      // With several weighted destinations, this would only change the weights.
      (rule.length === 1 ? rule : []).flatMap(({ path, host, subset }) => {
        const other = subsetsOf(host, subject).find((name) => name !== subset);
        if (subset === undefined || other === undefined) return [];
        const at = [...path, 'destination', 'subset'];
        return [{ path: at, value: other, description: `subset ${other} instead of ${subset}`, about: [subset] }];
      }),
    ),
});

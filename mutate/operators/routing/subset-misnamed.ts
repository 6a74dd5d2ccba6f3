import { onManifests } from '../operator.ts';
import { destinationsOf } from './destinations.ts';

export const subsetMisnamed = onManifests({
  name: 'routing/subset-misnamed',
  summary: 'a rule routes to a subset that no DestinationRule defines',
  missing: 'a check that the route is answered after the rule was applied',
  kinds: ['VirtualService'],
  changes: ({ object }) =>
    destinationsOf(object)
      .flat()
      .flatMap(({ path, subset }) => {
        if (subset === undefined) return [];
        const at = [...path, 'destination', 'subset'];
        return [{ path: at, value: `${subset}-typo`, description: `subset ${subset}-typo`, about: [subset] }];
      }),
});

import { misspeltHost, onManifests } from '../operator.ts';
import { destinationsOf } from './destinations.ts';

export const hostMisnamed = onManifests({
  name: 'routing/host-misnamed',
  summary: 'a rule routes to a Service that does not exist',
  missing: 'a check that the route is answered after the rule was applied',
  kinds: ['VirtualService'],
  changes: ({ object }) =>
    destinationsOf(object)
      .flat()
      .map(({ path, host, subset }) => ({
        path: [...path, 'destination', 'host'],
        value: misspeltHost(host),
        description: `destination host ${misspeltHost(host)}`,
        about: subset === undefined ? [] : [subset],
      })),
});

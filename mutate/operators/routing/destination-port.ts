import { type Change, onManifests } from '../operator.ts';
import { destinationsOf } from './destinations.ts';

/** Without a number, a destination uses the Service's only port. */
export const destinationPort = onManifests({
  name: 'routing/destination-port',
  summary: 'a rule routes to a port that the Service does not have',
  missing: 'a check that the destination of the rule answers',
  kinds: ['VirtualService'],
  changes: ({ object }) =>
    // One destination is enough; for the others, the mistake is the same as a wrong host.
    destinationsOf(object)
      .flat()
      .slice(0, 1)
      .map(
        ({ path, host }): Change => ({
          path: [...path, 'destination', 'port'],
          value: { number: 9_999 },
          description: `destination ${host}, port 9999`,
          about: ['9999'],
        }),
      ),
});

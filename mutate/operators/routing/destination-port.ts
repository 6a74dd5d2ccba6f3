import { type Change, onManifests } from '../operator.ts';
import { destinationsOf } from './destinations.ts';

/** Without a number a destination has the only port of its Service. */
export const destinationPort = onManifests({
  name: 'routing/destination-port',
  summary: 'a rule leads to a port that the Service does not have',
  missing: 'a check that what the rule leads to answers',
  kinds: ['VirtualService'],
  changes: ({ object }) =>
    // One of them is enough: to the others it would do what another host does.
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

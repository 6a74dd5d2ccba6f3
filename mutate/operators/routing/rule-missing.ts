import { listAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';
import { PROTOCOLS, routedSubsets } from './destinations.ts';

export const ruleMissing = onManifests({
  name: 'routing/rule-missing',
  summary: 'one of several rules is left out',
  missing: 'a check with a request for each rule',
  kinds: ['VirtualService'],
  changes: ({ object }) =>
    PROTOCOLS.flatMap((protocol) => {
      const rules = listAt(object, ['spec', protocol]);
      return (rules.length > 1 ? rules : []).map((_, index) => ({
        path: ['spec', protocol, index],
        value: undefined,
        description: `without rule ${index + 1} of ${rules.length}`,
        // A request without a rule gets 404.
        about: [...routedSubsets(object), '404'],
      }));
    }),
});

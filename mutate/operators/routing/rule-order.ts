import { listAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';
import { PROTOCOLS, routedSubsets } from './destinations.ts';

export const ruleOrder = onManifests({
  name: 'routing/rule-order',
  summary: 'the rule that matches everything comes first',
  missing: 'a check with a request that matches the special rule',
  kinds: ['VirtualService'],
  changes: ({ object }) =>
    PROTOCOLS.flatMap((protocol) => {
      const path = ['spec', protocol];
      const rules = listAt(object, path);
      if (rules.length < 2) return [];
      const about = routedSubsets(object);
      return [{ path, value: rules.toReversed(), description: 'rules in the opposite order', about }];
    }),
});

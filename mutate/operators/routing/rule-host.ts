import { textAt } from '../../tree.ts';
import { misspeltHost, onManifests } from '../operator.ts';

export const ruleHost = onManifests({
  name: 'routing/rule-host',
  summary: 'a DestinationRule is for a Service that does not exist',
  missing: 'a check that its subsets or its policy take effect',
  kinds: ['DestinationRule'],
  changes: ({ object }) => {
    const host = textAt(object, ['spec', 'host']);
    if (host === undefined) return [];
    return [{ path: ['spec', 'host'], value: misspeltHost(host), description: `host ${misspeltHost(host)}` }];
  },
});

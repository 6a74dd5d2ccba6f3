import { listAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const virtualHost = onManifests({
  name: 'routing/virtual-host',
  summary: 'a VirtualService or Gateway is for another host',
  missing: 'a check that the host is answered',
  kinds: ['VirtualService'],
  changes: ({ object }) =>
    listAt(object, ['spec', 'hosts']).map((host, index) => ({
      path: ['spec', 'hosts', index],
      value: 'other.example.com',
      description: `host other.example.com instead of ${String(host)}`,
    })),
});

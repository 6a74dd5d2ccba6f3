import { listAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const gatewayMisnamed = onManifests({
  name: 'routing/gateway-misnamed',
  summary: 'a VirtualService is bound to a gateway that does not exist',
  missing: 'a check that the route is answered after the rule was applied',
  kinds: ['VirtualService'],
  changes: ({ object }) =>
    listAt(object, ['spec', 'gateways']).flatMap((gateway, index) =>
      typeof gateway === 'string' && gateway !== 'mesh'
        ? [
            {
              path: ['spec', 'gateways', index],
              value: `${gateway}-typo`,
              description: `gateway ${gateway}-typo`,
              about: [gateway],
            },
          ]
        : [],
    ),
});

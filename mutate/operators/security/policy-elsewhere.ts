import { textAt } from '../../tree.ts';
import { type Change, onManifests } from '../operator.ts';

export const policyElsewhere = onManifests({
  name: 'security/policy-elsewhere',
  summary: 'a policy has another name, or is in another namespace, than the one it should replace or be in',
  missing: 'a call that the policy must refuse',
  kinds: ['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication'],
  changes: ({ object, name }) => {
    const namespace = textAt(object, ['metadata', 'namespace']);
    const renamed: Change = {
      path: ['metadata', 'name'],
      value: `${name}-typo`,
      description: `name ${name}-typo`,
    };
    if (namespace === undefined) return [renamed];
    return [
      renamed,
      {
        path: ['metadata', 'namespace'],
        value: 'default',
        description: `namespace default instead of ${namespace}`,
        about: ['without sidecar', 'reset'],
      },
    ];
  },
});

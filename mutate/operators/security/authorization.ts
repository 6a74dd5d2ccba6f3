import { listAt, textAt } from '../../tree.ts';
import { type Change, onManifests } from '../operator.ts';

export const authorization = onManifests({
  name: 'security/authorization',
  summary: 'an AuthorizationPolicy allows what it should deny, or lacks a rule',
  missing: 'a call that is allowed and one that is denied, for each rule',
  kinds: ['AuthorizationPolicy'],
  changes: ({ object }) => {
    const action = textAt(object, ['spec', 'action']) ?? 'ALLOW';
    const other = action === 'DENY' ? 'ALLOW' : 'DENY';
    return [
      { path: ['spec', 'action'], value: other, description: `action ${other} instead of ${action}` },
      ...listAt(object, ['spec', 'rules']).map(
        (_, index): Change => ({
          path: ['spec', 'rules', index],
          value: undefined,
          description: `without rule ${index + 1}`,
        }),
      ),
    ];
  },
});

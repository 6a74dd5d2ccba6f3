import { listAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const extraMember = onManifests({
  name: 'security/extra-member',
  summary: 'a namespace that should not be in the mesh is a member',
  missing: 'a check of all members of the mesh',
  kinds: ['ServiceMeshMemberRoll'],
  changes: ({ object }) => [
    {
      path: ['spec', 'members'],
      value: [...listAt(object, ['spec', 'members']), 'default'],
      description: 'an additional member default',
      about: ['member', 'members', 'default'],
    },
  ],
});

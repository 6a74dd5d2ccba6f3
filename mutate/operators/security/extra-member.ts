import { listAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const extraMember = onManifests({
  name: 'security/extra-member',
  summary: 'a namespace is in the mesh that should not be',
  missing: 'a check of all members of the mesh',
  kinds: ['ServiceMeshMemberRoll'],
  changes: ({ object }) => [
    {
      path: ['spec', 'members'],
      value: [...listAt(object, ['spec', 'members']), 'default'],
      description: 'the member default besides',
      about: ['member', 'members', 'default'],
    },
  ],
});

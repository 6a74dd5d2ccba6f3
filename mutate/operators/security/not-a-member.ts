import { listAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const notAMember = onManifests({
  name: 'security/not-a-member',
  summary: 'a namespace is not in the mesh',
  missing: 'a check that the member roll lists the namespace, or that its pods have proxies',
  kinds: ['ServiceMeshMemberRoll'],
  changes: ({ object }) =>
    listAt(object, ['spec', 'members']).map((member, index) => ({
      path: ['spec', 'members', index],
      value: `${String(member)}-typo`,
      description: `member ${String(member)}-typo`,
      about: [String(member), 'member'],
    })),
});

import { isRecord, records } from '../../../../model/fields.ts';
import { defaults } from '../../json.ts';
import { pathSegmentProblems } from '../../validation/names.ts';
import { bindingCauses } from '../../validation/rbac.ts';
import { builtinKind } from '../builtin.ts';
import type { Strategy } from '../kind.ts';

const GROUP = 'rbac.authorization.k8s.io';

const STRATEGY: Strategy = {
  defaults: (object) => {
    const role = object['roleRef'];
    if (isRecord(role)) defaults(role, { apiGroup: GROUP });
    for (const subject of records(object['subjects'])) {
      if (subject['kind'] !== 'ServiceAccount') defaults(subject, { apiGroup: GROUP });
    }
  },
  validate: bindingCauses,
  nameProblems: pathSegmentProblems,
  createsOnUpdate: true,
};

export const ROLE_BINDING = builtinKind(GROUP, 'v1', 'RoleBinding', { strategy: STRATEGY });
export const CLUSTER_ROLE_BINDING = builtinKind(GROUP, 'v1', 'ClusterRoleBinding', {
  cluster: true,
  strategy: STRATEGY,
});

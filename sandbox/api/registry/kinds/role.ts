import { pathSegmentProblems } from '../../validation/names.ts';
import { roleCauses } from '../../validation/rbac.ts';
import { builtinKind } from '../builtin.ts';
import type { Strategy } from '../kind.ts';

const GROUP = 'rbac.authorization.k8s.io';
const STRATEGY: Strategy = { validate: roleCauses, nameProblems: pathSegmentProblems, createsOnUpdate: true };

export const ROLE = builtinKind(GROUP, 'v1', 'Role', { strategy: STRATEGY });
export const CLUSTER_ROLE = builtinKind(GROUP, 'v1', 'ClusterRole', { cluster: true, strategy: STRATEGY });

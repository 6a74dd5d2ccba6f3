/** AuthorizationPolicy: who may call whom. */
import type { MeshKind } from '../kind.ts';
import { rbacFilters } from './filters.ts';
import { AUTHORIZATION_POLICIES, type AuthorizationPolicy } from './types.ts';
import { authorizationPolicyProblems } from './validation.ts';
export const AUTHORIZATION_POLICY: MeshKind<AuthorizationPolicy> = {
  resource: AUTHORIZATION_POLICIES,
  fields: {
    supported: ['spec.selector', 'spec.action', 'spec.rules'],
    unsupported: { 'spec.action=AUDIT': 'what is let through is not recorded' },
  },
  problems: authorizationPolicyProblems,
  unsupported: ({ spec }) =>
    spec?.action === 'CUSTOM'
      ? [
          `action CUSTOM: the sandbox knows no provider ${spec.provider?.name ?? ''}, so what these rules match is refused`,
        ]
      : [],
  filters: rbacFilters,
};

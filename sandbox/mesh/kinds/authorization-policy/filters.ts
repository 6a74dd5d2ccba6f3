/** The RBAC filters of a workload: DENY comes before ALLOW; if there is an ALLOW policy, everything else is denied. */

import type { Message } from '../../../xds/encode.ts';
import { selects } from '../../model/names.ts';
import type { ProxyContext } from '../../model/proxy-context.ts';
import { OncePerPush, type PushContext } from '../../model/push-context.ts';
import type { Filters } from '../kind.ts';
import { NEVER, policyOf } from './rule.ts';
import { AUTHORIZATION_POLICIES, type AuthorizationPolicy } from './types.ts';

const HTTP = 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC';
const NETWORK = 'type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC';

const made = new OncePerPush<Filters>();

/** Cached for all pods with the same policies. */
export function rbacFilters(push: PushContext, proxy: ProxyContext): Filters {
  const policies = policiesFor(push, proxy);
  return made.of(push, policies.map(nameOf).join(), () => ({
    http: guardRules(policies, true).map((rules) => ({
      name: 'envoy.filters.http.rbac',
      typed_config: { '@type': HTTP, rules },
    })),
    tcp: guardRules(policies, false).map((rules) => ({
      name: 'envoy.filters.network.rbac',
      typed_config: { '@type': NETWORK, rules, stat_prefix: 'tcp.' },
    })),
  }));
}

/** Policies of the root namespace apply to all namespaces, even with a selector. */
function policiesFor(push: PushContext, { namespace, labels }: ProxyContext): readonly AuthorizationPolicy[] {
  return push
    .rules(AUTHORIZATION_POLICIES)
    .filter(
      ({ metadata, spec }) =>
        (metadata.namespace === push.root || metadata.namespace === namespace) &&
        selects(spec?.selector?.matchLabels, labels),
    );
}

/** There are no external authorizers here, and Istio denies requests that need an unknown one. */
function guardRules(policies: readonly AuthorizationPolicy[], http: boolean): readonly Message[] {
  const of = (action: string): readonly AuthorizationPolicy[] =>
    policies.filter(({ spec }) => (spec?.action ?? 'ALLOW') === action);
  const [denying, allowing] = [[...of('CUSTOM'), ...of('DENY')], of('ALLOW')];
  return [
    ...(denying.length === 0 ? [] : [{ action: 'DENY', policies: rulesOf(denying, { http, denies: true }) }]),
    ...(allowing.length === 0 ? [] : [{ action: 'ALLOW', policies: rulesOf(allowing, { http, denies: false }) }]),
  ];
}

function rulesOf(policies: readonly AuthorizationPolicy[], meaning: Parameters<typeof policyOf>[1]): Message {
  return Object.fromEntries(
    policies.flatMap((policy): readonly (readonly [string, Message])[] => {
      const rules = policy.spec?.rules ?? [];
      if (rules.length === 0) return [[`${nameOf(policy)}-rule[0]`, NEVER]];
      return rules.flatMap((rule, index) => {
        const made = policyOf(rule, meaning);
        return made === undefined ? [] : [[`${nameOf(policy)}-rule[${index}]`, made]];
      });
    }),
  );
}

/** As Istio names it in `rbac_access_denied_matched_policy[…]`. */
function nameOf({ metadata }: AuthorizationPolicy): string {
  return `ns[${metadata.namespace}]-policy[${metadata.name}]`;
}

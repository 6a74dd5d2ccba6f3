/** The RBAC filters of a workload: what denies comes before what allows; once anything allows, all else is refused. */
import type { Message } from '../../../xds/encode.ts';
import type { AuthorizationPolicy } from '../../model/authorization-policy.ts';
import { selects } from '../../model/names.ts';
import type { World } from '../../model/push-context.ts';
import type { Pod } from '../../model/virtual-service.ts';
import { NEVER, policyOf } from './rule.ts';

const HTTP = 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC';
const NETWORK = 'type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC';

/** The filters before the router and before the TCP proxy. */
export interface Guards {
  readonly http: readonly Message[];
  readonly tcp: readonly Message[];
}

const guarding = new WeakMap<World, Map<string, Guards>>();

/** Made once per world for all pods of the same namespace and labels. */
export function guardsOf(world: World, pod: Pod): Guards {
  const made = guarding.get(world) ?? new Map<string, Guards>();
  guarding.set(world, made);
  const policies = policiesFor(world, pod);
  const key = policies.map(nameOf).join();
  const guards = made.get(key) ?? {
    http: guardRules(policies, true).map((rules) => ({
      name: 'envoy.filters.http.rbac',
      typed_config: { '@type': HTTP, rules },
    })),
    tcp: guardRules(policies, false).map((rules) => ({
      name: 'envoy.filters.network.rbac',
      typed_config: { '@type': NETWORK, rules, stat_prefix: 'tcp.' },
    })),
  };
  made.set(key, guards);
  return guards;
}

/** Of the root namespace, policies hold in all namespaces, with a selector too. */
export function policiesFor(world: World, pod: Pod): readonly AuthorizationPolicy[] {
  return world.authorizationPolicies.filter(
    ({ metadata, spec }) =>
      (metadata.namespace === world.root || metadata.namespace === pod.metadata.namespace) &&
      selects(spec?.selector?.matchLabels, pod.metadata.labels),
  );
}

/** No provider of decisions is known here, and Istio lets nothing pass that asks for one it doesn't know. */
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

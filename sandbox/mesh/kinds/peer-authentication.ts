/** PeerAuthentication: the mutual TLS mode of a workload's port. */

import { type KubeObject, resource } from '../../client/client.ts';
import { selects } from '../model/names.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import type { MeshKind } from './kind.ts';
import { selectorProblems } from './selector.ts';

export type MtlsMode = 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT';
export interface PeerAuthentication extends KubeObject {
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly mtls?: { readonly mode?: MtlsMode };
    readonly portLevelMtls?: Readonly<Record<string, { readonly mode?: MtlsMode }>>;
  };
}

const PEER_AUTHENTICATIONS = resource<PeerAuthentication>(
  'security.istio.io/v1beta1',
  'PeerAuthentication',
  'peerauthentications',
);

export const PEER_AUTHENTICATION: MeshKind<PeerAuthentication> = {
  resource: PEER_AUTHENTICATIONS,
  fields: { supported: ['spec'], unsupported: {} },
  problems,
};

function problems({ spec }: PeerAuthentication): readonly string[] {
  const ports = spec?.portLevelMtls;
  const selected = selectorProblems(spec?.selector);
  if (ports === undefined) return selected;
  const selector = Object.keys(spec?.selector?.matchLabels ?? {});
  return [
    ...(selector.length === 0 ? ['mesh/namespace peer authentication cannot have port level mTLS'] : []),
    ...(Object.keys(ports).length === 0 ? ['port level mTLS, if defined, must have at least one element'] : []),
    ...Object.keys(ports).flatMap((port) =>
      Number(port) >= 1 && Number(port) <= 65_535 ? [] : ['port must be in range 1..65535'],
    ),
    ...selected,
  ];
}

export type EffectiveMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/**
 * A rule for a port has precedence over rules for the workload, the namespace and the mesh. Of each, the oldest wins.
 * @param port the container's port.
 */
export function mtlsMode(
  push: PushContext,
  { namespace, labels }: Pick<ProxyContext, 'namespace' | 'labels'>,
  port: number,
): EffectiveMode {
  const of = (where: string): readonly PeerAuthentication[] =>
    push.rules(PEER_AUTHENTICATIONS).filter(({ metadata }) => metadata.namespace === where);
  const mesh = of(push.root).find((rule) => !hasSelector(rule));
  const whole = namespace === push.root ? undefined : of(namespace).find((rule) => !hasSelector(rule));
  const workload = ruleOfWorkload(push, { namespace, labels });
  const modes = [
    workload?.spec?.portLevelMtls?.[String(port)]?.mode,
    workload?.spec?.mtls?.mode,
    whole?.spec?.mtls?.mode,
    mesh?.spec?.mtls?.mode,
  ];
  return modes.find(isSet) ?? 'PERMISSIVE';
}

/**
 * The mode in the rule of a namespace, or else of the mesh. It applies to a Service as a whole. Before Istio 1.12, clients
 * used only this mode.
 */
export function mtlsModeOfNamespace(push: PushContext, namespace: string): EffectiveMode {
  const wide = [namespace, push.root].map((where) =>
    push.rules(PEER_AUTHENTICATIONS).find((rule) => rule.metadata.namespace === where && !hasSelector(rule)),
  );
  return wide.map((rule) => rule?.spec?.mtls?.mode).find(isSet) ?? 'PERMISSIVE';
}

/** @returns the ports of a workload for which a rule sets a mode. */
export function portsWithMode(
  push: PushContext,
  workload: Pick<ProxyContext, 'namespace' | 'labels'>,
): readonly number[] {
  return Object.keys(ruleOfWorkload(push, workload)?.spec?.portLevelMtls ?? {}).map(Number);
}

/** The rule with a selector for a workload. As in Istio, rules with a selector in the root namespace match nothing. */
function ruleOfWorkload(
  push: PushContext,
  { namespace, labels }: Pick<ProxyContext, 'namespace' | 'labels'>,
): PeerAuthentication | undefined {
  if (namespace === push.root) return undefined;
  return push
    .rules(PEER_AUTHENTICATIONS)
    .find(
      (rule) =>
        rule.metadata.namespace === namespace && hasSelector(rule) && selects(rule.spec?.selector?.matchLabels, labels),
    );
}

function hasSelector(rule: PeerAuthentication): boolean {
  return Object.keys(rule.spec?.selector?.matchLabels ?? {}).length > 0;
}

function isSet(mode: MtlsMode | undefined): mode is EffectiveMode {
  return mode !== undefined && mode !== 'UNSET';
}

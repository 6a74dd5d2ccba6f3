/** Which mutual TLS a workload's port asks for: port before workload before namespace before mesh; the oldest rule wins. */

import { selects } from '../model/names.ts';
import type { World } from '../model/push-context.ts';
import type { MtlsMode, PeerAuthentication, Pod } from '../model/virtual-service.ts';

export type EffectiveMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** @param port the container's port. */
export function mtlsMode(world: World, pod: Pod, port: number): EffectiveMode {
  const namespace = pod.metadata.namespace ?? '';
  const of = (where: string): readonly PeerAuthentication[] =>
    world.peerAuthentications.filter(({ metadata }) => metadata.namespace === where);
  const mesh = of(world.root).find((rule) => !hasSelector(rule));
  const whole = namespace === world.root ? undefined : of(namespace).find((rule) => !hasSelector(rule));
  // In the root namespace a selector selects nobody, not even there (Istio takes no such rule for a workload's).
  const workload = of(namespace).find(
    (rule) =>
      namespace !== world.root && hasSelector(rule) && selects(rule.spec?.selector?.matchLabels, pod.metadata.labels),
  );
  const modes = [
    workload?.spec?.portLevelMtls?.[String(port)]?.mode,
    workload?.spec?.mtls?.mode,
    whole?.spec?.mtls?.mode,
    mesh?.spec?.mtls?.mode,
  ];
  return modes.find(isSet) ?? 'PERMISSIVE';
}

function hasSelector(rule: PeerAuthentication): boolean {
  return Object.keys(rule.spec?.selector?.matchLabels ?? {}).length > 0;
}

function isSet(mode: MtlsMode | undefined): mode is EffectiveMode {
  return mode !== undefined && mode !== 'UNSET';
}

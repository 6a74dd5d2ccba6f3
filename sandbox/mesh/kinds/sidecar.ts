/** Sidecar: the hosts for which an app's proxy gets configuration, and whether it may call others. */

import type { FieldSupport } from '../../fields/support.ts';
import { hostMatches } from '../model/hosts.ts';
import type { MeshPort } from '../model/mesh-port.ts';
import { selects } from '../model/names.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import { SIDECARS, type Sidecar } from '../model/sidecar.ts';
import type { MeshKind } from './kind.ts';
import { sidecarProblems } from './sidecar-validation.ts';

const FIELDS: FieldSupport = {
  supported: ['spec.workloadSelector', 'spec.egress[].hosts', 'spec.outboundTrafficPolicy.mode'],
  unsupported: {
    'spec.ingress': 'the sandbox opens a listener for each port of the app',
    'spec.egress[].port': 'of egress only hosts are followed',
    'spec.egress[].bind': 'of egress only hosts are followed',
    'spec.egress[].captureMode': 'of egress only hosts are followed',
  },
};

export const SIDECAR: MeshKind<Sidecar> = { resource: SIDECARS, fields: FIELDS, problems: sidecarProblems };

/** The oldest Sidecar for the workload, or else for the namespace, or else for the mesh. */
export function sidecarOf(push: PushContext, { namespace, labels }: ProxyContext): Sidecar | undefined {
  const all = push.rules(SIDECARS);
  const own = all.filter(({ metadata }) => metadata.namespace === namespace);
  const selecting = own.find(
    (sidecar) => hasSelector(sidecar) && selects(sidecar.spec?.workloadSelector?.labels, labels),
  );
  const whole = (sidecar: Sidecar): boolean => !hasSelector(sidecar);
  return selecting ?? own.find(whole) ?? all.find((one) => one.metadata.namespace === push.root && whole(one));
}

/** Whether the app may call hosts that are neither a Service nor a ServiceEntry. @param mesh the default if no Sidecar decides. */
export function isOpen(sidecar: Sidecar | undefined, mesh: 'ALLOW_ANY' | 'REGISTRY_ONLY'): boolean {
  return (sidecar?.spec?.outboundTrafficPolicy?.mode ?? mesh) !== 'REGISTRY_ONLY';
}

/** Whether the proxy of an app in `from` gets configuration for a host: `./*`, `shop/web.shop.svc.cluster.local`, `~/*`. */
export function isTold(sidecar: Sidecar | undefined, { host, namespace }: MeshPort, from: string): boolean {
  const egress = sidecar?.spec?.egress ?? [];
  if (egress.length === 0) return true;
  return egress
    .flatMap(({ hosts = [] }) => hosts)
    .some((told) => {
      const slash = told.indexOf('/');
      const [where, pattern] = [told.slice(0, slash), told.slice(slash + 1)];
      return (where === '*' || (where === '.' ? from : where) === namespace) && hostMatches(pattern, host);
    });
}

function hasSelector({ spec }: Sidecar): boolean {
  return Object.keys(spec?.workloadSelector?.labels ?? {}).length > 0;
}

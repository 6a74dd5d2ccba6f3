/** What a Sidecar resource lets an app know of: hosts by namespace, and whether anything else may be called at all. */
import { type KubeObject, resource } from '../../client/client.ts';
import { selects } from './names.ts';
import { hostMatches, type MeshPort, type World } from './push-context.ts';
import type { Pod } from './virtual-service.ts';

export interface Sidecar extends KubeObject {
  readonly spec?: {
    readonly workloadSelector?: { readonly labels?: Readonly<Record<string, string>> };
    readonly egress?: readonly {
      readonly hosts?: readonly string[];
      readonly port?: object;
      readonly bind?: string;
      readonly captureMode?: string;
    }[];
    readonly ingress?: readonly object[];
    readonly outboundTrafficPolicy?: { readonly mode?: 'ALLOW_ANY' | 'REGISTRY_ONLY' };
  };
}

export const SIDECARS = resource<Sidecar>('networking.istio.io/v1beta1', 'Sidecar', 'sidecars');

/** The oldest for the workload, else the namespace's, else the mesh's. */
export function sidecarOf(world: World, { metadata }: Pod): Sidecar | undefined {
  const own = world.sidecars.filter((sidecar) => sidecar.metadata.namespace === metadata.namespace);
  const selecting = own.find(
    (sidecar) => hasSelector(sidecar) && selects(sidecar.spec?.workloadSelector?.labels, metadata.labels),
  );
  const whole = (sidecar: Sidecar): boolean => !hasSelector(sidecar);
  return (
    selecting ?? own.find(whole) ?? world.sidecars.find((one) => one.metadata.namespace === world.root && whole(one))
  );
}

/** Whether the app may call what is neither a Service nor a ServiceEntry. */
export function isOpen(sidecar: Sidecar | undefined): boolean {
  return sidecar?.spec?.outboundTrafficPolicy?.mode !== 'REGISTRY_ONLY';
}

/** Whether an app in `from` is told of a host: `./*`, `shop/web.shop.svc.cluster.local`, `~/*`. */
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

/** @returns what of it has no effect here. */
export function unhonouredInSidecar({ spec }: Sidecar): string | undefined {
  if ((spec?.ingress ?? []).length > 0) return 'ingress listeners are not honoured by the sandbox';
  const special = (spec?.egress ?? []).some(({ port, bind, captureMode }) => port ?? bind ?? captureMode);
  return special ? 'of egress only hosts are honoured by the sandbox, not port, bind and captureMode' : undefined;
}

function hasSelector({ spec }: Sidecar): boolean {
  return Object.keys(spec?.workloadSelector?.labels ?? {}).length > 0;
}

/** A world made of YAML, for tests of the translation. */
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../runtime/client.ts';
import type {
  DestinationRule,
  Endpoints,
  Gateway,
  Namespace,
  PeerAuthentication,
  Pod,
  Service,
  VirtualService,
} from './kinds.ts';
import { meshOf, type World } from './world.ts';

/** @param yaml objects as kubectl takes them; what has no namespace is in `shop`. The control plane's is `mesh`, whose member `shop` is. */
export function worldOf(yaml: string): World {
  const objects = (loadAll(yaml) as (KubeObject | null)[]).filter((object) => object !== null);
  const of = <T extends KubeObject>(kind: string): T[] =>
    objects
      .filter((object) => object.kind === kind)
      .map((object, index) => {
        const metadata = {
          namespace: 'shop',
          creationTimestamp: new Date(Date.UTC(2024, 0, 1, 0, 0, index)).toISOString(),
          ...object.metadata,
        };
        return { ...object, metadata } as T;
      });
  const member = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop', labels: { 'maistra.io/member-of': 'mesh' } },
  };
  return meshOf({
    root: 'mesh',
    namespaces: [member, ...of<Namespace>('Namespace')],
    services: of<Service>('Service'),
    endpoints: of<Endpoints>('Endpoints'),
    pods: of<Pod>('Pod'),
    virtualServices: of<VirtualService>('VirtualService'),
    destinationRules: of<DestinationRule>('DestinationRule'),
    gateways: of<Gateway>('Gateway'),
    peerAuthentications: of<PeerAuthentication>('PeerAuthentication'),
  });
}

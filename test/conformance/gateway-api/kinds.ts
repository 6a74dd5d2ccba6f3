/** The kinds that the environment creates and reads. */
import { type KubeObject, type Resource, resource } from '../../../sandbox/client/client.ts';
import type { Condition } from '../../../sandbox/client/kinds.ts';

interface WithState extends KubeObject {
  readonly status?: { readonly state?: string };
}
interface Parent {
  readonly parentRef: { readonly name: string; readonly sectionName?: string };
  readonly conditions: readonly Condition[];
}
export interface Route extends KubeObject {
  readonly spec: object;
  readonly status?: { readonly parents?: readonly Parent[] };
}
export interface KubeGateway extends KubeObject {
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly listeners?: readonly { readonly name: string; readonly attachedRoutes: number }[];
  };
}

const GROUP = 'gateway.networking.k8s.io';
export const SUBSCRIPTIONS = resource<WithState>('operators.coreos.com/v1alpha1', 'Subscription', 'subscriptions');
export const ISTIOS = resource<WithState>('sailoperator.io/v1', 'Istio', 'istios', 'cluster');
export const KUBE_GATEWAYS = resource<KubeGateway>(`${GROUP}/v1`, 'Gateway', 'gateways');
export const HTTP_ROUTES = resource<Route>(`${GROUP}/v1`, 'HTTPRoute', 'httproutes');

export const GRPC_ROUTES = resource<Route>(`${GROUP}/v1`, 'GRPCRoute', 'grpcroutes');

const KINDS: readonly Resource[] = [
  SUBSCRIPTIONS,
  ISTIOS,
  KUBE_GATEWAYS,
  HTTP_ROUTES,
  GRPC_ROUTES,
  resource(`${GROUP}/v1beta1`, 'ReferenceGrant', 'referencegrants'),
  resource('sailoperator.io/v1', 'IstioCNI', 'istiocnis', 'cluster'),
  resource('v1', 'Namespace', 'namespaces', 'cluster'),
  resource('v1', 'Pod', 'pods'),
  resource('v1', 'Service', 'services'),
];

export function kindOf({ kind }: KubeObject): Resource {
  const of = KINDS.find((one) => one.kind === kind);
  if (of === undefined) throw new Error(`unknown kind ${kind}`);
  return of;
}

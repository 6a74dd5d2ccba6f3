/** The kinds of the Gateway API (gateway.networking.k8s.io, v1), as far as they are read or written. */
import { type KubeObject, resource } from '../../client/client.ts';
import type { Condition, LabelSelector } from '../../client/kinds.ts';

export const GATEWAY_API = 'gateway.networking.k8s.io';
/** The controller of the class `istio`, as named in GatewayClasses and statuses. */
export const ISTIO_CONTROLLER = 'istio.io/gateway-controller';
/** The controller of the istiod that OpenShift's Ingress Operator installs. */
export const OPENSHIFT_CONTROLLER = 'openshift.io/gateway-controller/v1';
export const CONTROLLERS: readonly string[] = [ISTIO_CONTROLLER, OPENSHIFT_CONTROLLER];

export interface GatewayClass extends KubeObject {
  readonly spec: { readonly controllerName: string; readonly description?: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface RouteGroupKind {
  readonly group?: string;
  readonly kind: string;
}
export interface SecretReference {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}
export interface ListenerSpec {
  readonly name: string;
  readonly hostname?: string;
  readonly port: number;
  readonly protocol: string;
  readonly tls?: {
    readonly mode?: 'Terminate' | 'Passthrough';
    readonly certificateRefs?: readonly SecretReference[];
    readonly options?: Readonly<Record<string, string>>;
  };
  readonly allowedRoutes?: {
    readonly kinds?: readonly RouteGroupKind[];
    readonly namespaces?: { readonly from?: 'All' | 'Selector' | 'Same'; readonly selector?: LabelSelector };
  };
}
export interface ListenerStatus {
  readonly name: string;
  readonly attachedRoutes: number;
  readonly supportedKinds: readonly RouteGroupKind[];
  readonly conditions: readonly Condition[];
}
export interface KubeGateway extends KubeObject {
  readonly spec: {
    readonly gatewayClassName: string;
    readonly listeners: readonly ListenerSpec[];
    readonly addresses?: readonly { readonly type?: string; readonly value: string }[];
    readonly infrastructure?: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
  };
  readonly status?: {
    readonly addresses?: readonly { readonly type?: string; readonly value: string }[];
    readonly conditions?: readonly Condition[];
    readonly listeners?: readonly ListenerStatus[];
  };
}

export interface ParentReference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
}
export interface BackendReference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly port?: number;
}
export interface HttpHeader {
  readonly name: string;
  readonly value: string;
}
export interface HeaderFilter {
  readonly set?: readonly HttpHeader[];
  readonly add?: readonly HttpHeader[];
  readonly remove?: readonly string[];
}
export interface PathModifier {
  readonly type: 'ReplaceFullPath' | 'ReplacePrefixMatch';
  readonly replaceFullPath?: string;
  readonly replacePrefixMatch?: string;
}
export interface RouteFilter {
  readonly type: string;
  readonly requestHeaderModifier?: HeaderFilter;
  readonly responseHeaderModifier?: HeaderFilter;
  readonly requestMirror?: { readonly backendRef: BackendReference };
  readonly requestRedirect?: {
    readonly scheme?: string;
    readonly hostname?: string;
    readonly path?: PathModifier;
    readonly port?: number;
    readonly statusCode?: number;
  };
  readonly urlRewrite?: { readonly hostname?: string; readonly path?: PathModifier };
}
export interface NamedMatch {
  readonly type?: 'Exact' | 'RegularExpression';
  readonly name: string;
  readonly value: string;
}
export interface RouteMatch {
  readonly path?: { readonly type?: 'Exact' | 'PathPrefix' | 'RegularExpression'; readonly value?: string };
  readonly headers?: readonly NamedMatch[];
  readonly queryParams?: readonly NamedMatch[];
  readonly method?: string;
}
export interface WeightedBackend extends BackendReference {
  readonly weight?: number;
  readonly filters?: readonly RouteFilter[];
}
export interface RouteRule {
  readonly name?: string;
  readonly matches?: readonly RouteMatch[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly WeightedBackend[];
  readonly timeouts?: { readonly request?: string; readonly backendRequest?: string };
}
export interface RouteParentStatus {
  readonly parentRef: ParentReference;
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}
export interface KubeHttpRoute extends KubeObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentReference[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly RouteRule[];
  };
  readonly status?: { readonly parents?: readonly RouteParentStatus[] };
}

/** At least one of service and method is given. */
export interface GrpcMatch {
  readonly method?: {
    readonly type?: 'Exact' | 'RegularExpression';
    readonly service?: string;
    readonly method?: string;
  };
  readonly headers?: readonly NamedMatch[];
}
export interface GrpcRule {
  readonly name?: string;
  readonly matches?: readonly GrpcMatch[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly WeightedBackend[];
}
export interface KubeGrpcRoute extends KubeObject {
  readonly spec: Omit<KubeHttpRoute['spec'], 'rules'> & { readonly rules?: readonly GrpcRule[] };
  readonly status?: KubeHttpRoute['status'];
}

export interface ReferenceGrant extends KubeObject {
  readonly spec: {
    readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
    readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
  };
}

const V1 = `${GATEWAY_API}/v1`;
export const GATEWAY_CLASSES = resource<GatewayClass>(V1, 'GatewayClass', 'gatewayclasses', 'cluster');
export const KUBE_GATEWAYS = resource<KubeGateway>(V1, 'Gateway', 'gateways');
export const HTTP_ROUTES = resource<KubeHttpRoute>(V1, 'HTTPRoute', 'httproutes');
export const GRPC_ROUTES = resource<KubeGrpcRoute>(V1, 'GRPCRoute', 'grpcroutes');
export const REFERENCE_GRANTS = resource<ReferenceGrant>(`${GATEWAY_API}/v1beta1`, 'ReferenceGrant', 'referencegrants');

/** The controller of a Gateway's class, if that is an istiod. */
export function controllerOfGateway({ spec }: KubeGateway, classes: readonly GatewayClass[]): string | undefined {
  const found = classes.find(({ metadata }) => metadata.name === spec.gatewayClassName)?.spec.controllerName;
  return found !== undefined && CONTROLLERS.includes(found) ? found : undefined;
}

/** The label of a Gateway's pods and Service. */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** Whether pods are created for it: not if it names an existing Service. */
export function isManaged({ spec: { addresses = [] } }: KubeGateway): boolean {
  return !addresses.some(({ type }) => type === 'Hostname');
}

/** Name of a Gateway's Deployment and Service: `NAME-istio`, or the name in an annotation. */
export function workloadName({ metadata, spec }: KubeGateway): string {
  return metadata.annotations?.['gateway.istio.io/name-override'] ?? `${metadata.name}-${spec.gatewayClassName}`;
}

/**
 * Marks objects converted from the Gateway API, as istiod does, because some fields then differ in meaning: prefixes match whole
 * segments, and a missing backend answers 500.
 */
export const GATEWAY_SEMANTICS: Readonly<Record<string, string>> = { 'internal.istio.io/route-semantics': 'gateway' };

export function hasGatewaySemantics({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['internal.istio.io/route-semantics'] === 'gateway';
}

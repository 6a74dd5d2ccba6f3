/** The kinds of OpenShift, OLM and the mesh operator: the fields that the sandbox reads or writes. */

import { type KubeObject, resource } from '../client/client.ts';
import type { AnyObject, Condition, LabelSelector, Labels, PodTemplate } from '../client/kinds.ts';

export interface Route extends KubeObject {
  spec: {
    host?: string;
    path?: string;
    to: { kind: string; name: string; weight?: number };
    alternateBackends?: { kind: string; name: string; weight?: number }[];
    port?: { targetPort: number | string };
    tls?: {
      termination: string;
      insecureEdgeTerminationPolicy?: string;
      certificate?: string;
      key?: string;
      caCertificate?: string;
    };
    wildcardPolicy?: string;
  };
  status?: { ingress?: { host?: string; conditions?: Condition[] }[] };
}

export interface Subscription extends KubeObject {
  spec: {
    name: string;
    source: string;
    sourceNamespace: string;
    channel?: string;
    startingCSV?: string;
    installPlanApproval?: string;
  };
  status?: {
    state?: string;
    currentCSV?: string;
    installedCSV?: string;
    installPlanGeneration?: number;
    installPlanRef?: Record<string, string>;
    conditions?: Condition[];
    [field: string]: unknown;
  };
}

export interface PlanStep {
  resolving: string;
  status: string;
  resource: Record<'group' | 'version' | 'kind' | 'name' | 'manifest' | 'sourceName' | 'sourceNamespace', string>;
}
export interface InstallPlan extends KubeObject {
  spec: { approval: string; approved: boolean; clusterServiceVersionNames: string[]; generation?: number };
  status?: { phase?: string; plan?: PlanStep[]; conditions?: Condition[]; [field: string]: unknown };
}

export interface CsvDeployment {
  name: string;
  spec: { replicas: number; selector: LabelSelector; template: PodTemplate };
}
export interface ClusterServiceVersion extends KubeObject {
  spec: {
    displayName: string;
    version: string;
    replaces?: string;
    install: { strategy: string; spec: { deployments: CsvDeployment[] } };
    customresourcedefinitions?: { owned?: { name: string; kind: string; version: string }[] };
    installModes?: { type: string; supported: boolean }[];
    icon?: { base64data: string; mediatype: string }[];
    [field: string]: unknown;
  };
  status?: CsvStatus;
}
export interface CsvStatus {
  phase: string;
  reason: string;
  message: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
  conditions?: CsvStatus[];
  [field: string]: unknown;
}

export interface OperatorGroup extends KubeObject {
  spec?: { targetNamespaces?: string[]; selector?: LabelSelector };
  status?: { namespaces?: string[]; lastUpdated?: string };
}

export interface ControlPlaneSpec {
  version?: string;
  profiles?: string[];
  addons?: Partial<Record<string, { enabled?: boolean; name?: string; [field: string]: unknown }>>;
  gateways?: {
    enabled?: boolean;
    ingress?: { enabled?: boolean };
    egress?: { enabled?: boolean };
    openshiftRoute?: { enabled?: boolean };
  };
  tracing?: { type?: string };
  security?: { dataPlane?: { mtls?: boolean; automtls?: boolean } };
  proxy?: {
    networking?: {
      trafficControl?: { outbound?: { policy?: string } };
      protocol?: { autoDetect?: { inbound?: boolean; outbound?: boolean; timeout?: string } };
    };
    accessLogging?: { file?: { name?: string; format?: string; encoding?: string } };
  };
  meshConfig?: { discoverySelectors?: LabelSelector[] };
  [field: string]: unknown;
}
export interface ControlPlaneStatus {
  annotations?: Record<string, string>;
  observedGeneration?: number;
  conditions?: Condition[];
  components?: { resource: string; conditions: Condition[] }[];
  operatorVersion?: string;
  chartVersion?: string;
  [field: string]: unknown;
}
export interface ControlPlane extends KubeObject {
  spec: ControlPlaneSpec;
  status?: ControlPlaneStatus;
}

/** The status of one namespace in a member roll, since 2.1. */
export interface MemberStatus {
  namespace: string;
  conditions: Condition[];
}
export interface MemberRoll extends KubeObject {
  spec?: { members?: string[] };
  status?: {
    annotations?: Record<string, string>;
    memberStatuses?: MemberStatus[];
    configuredMembers?: string[] | null;
    pendingMembers?: string[] | null;
    conditions?: Condition[];
    observedGeneration?: number;
    [field: string]: unknown;
  };
}
export interface Member extends KubeObject {
  spec?: { controlPlaneRef?: { name: string; namespace: string } };
  status?: Record<string, unknown>;
}

export interface GatewayServer {
  port: { number: number; name?: string; protocol: string };
  hosts?: string[];
  tls?: { httpsRedirect?: boolean; mode?: string };
}
export interface Gateway extends KubeObject {
  spec: { selector?: Labels; servers?: GatewayServer[] };
}

const OLM = 'operators.coreos.com/v1alpha1';
export const ROUTES = resource<Route>('route.openshift.io/v1', 'Route', 'routes');
export const CLUSTER_OPERATORS = resource<AnyObject>(
  'config.openshift.io/v1',
  'ClusterOperator',
  'clusteroperators',
  'cluster',
);
export const CATALOG_SOURCES = resource<AnyObject>(OLM, 'CatalogSource', 'catalogsources');
export const SUBSCRIPTIONS = resource<Subscription>(OLM, 'Subscription', 'subscriptions');
export const INSTALL_PLANS = resource<InstallPlan>(OLM, 'InstallPlan', 'installplans');
export const CSVS = resource<ClusterServiceVersion>(OLM, 'ClusterServiceVersion', 'clusterserviceversions');
export const OPERATOR_GROUPS = resource<OperatorGroup>('operators.coreos.com/v1', 'OperatorGroup', 'operatorgroups');
export const CONTROL_PLANES = resource<ControlPlane>(
  'maistra.io/v2',
  'ServiceMeshControlPlane',
  'servicemeshcontrolplanes',
);
export const MEMBER_ROLLS = resource<MemberRoll>('maistra.io/v1', 'ServiceMeshMemberRoll', 'servicemeshmemberrolls');
export const MEMBERS = resource<Member>('maistra.io/v1', 'ServiceMeshMember', 'servicemeshmembers');
export const GATEWAYS = resource<Gateway>('networking.istio.io/v1beta1', 'Gateway', 'gateways');
export const NETWORK_POLICIES = resource<AnyObject>('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies');
export const NETWORK_ATTACHMENTS = resource<AnyObject>(
  'k8s.cni.cncf.io/v1',
  'NetworkAttachmentDefinition',
  'network-attachment-definitions',
);
export const PEER_AUTHENTICATIONS = resource<AnyObject>(
  'security.istio.io/v1beta1',
  'PeerAuthentication',
  'peerauthentications',
);
export const DESTINATION_RULES = resource<AnyObject>(
  'networking.istio.io/v1beta1',
  'DestinationRule',
  'destinationrules',
);
export const MUTATING_WEBHOOKS = resource<AnyObject>(
  'admissionregistration.k8s.io/v1',
  'MutatingWebhookConfiguration',
  'mutatingwebhookconfigurations',
  'cluster',
);
export const VALIDATING_WEBHOOKS = resource<AnyObject>(
  'admissionregistration.k8s.io/v1',
  'ValidatingWebhookConfiguration',
  'validatingwebhookconfigurations',
  'cluster',
);

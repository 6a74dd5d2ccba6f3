/** Parts shared by the charts of all components. Pure. */
import type { AnyObject, Container, Labels, ServicePort } from '../../../client/kinds.ts';
import { CONTROL_PLANES, type ControlPlane, DESTINATION_RULES } from '../../kinds.ts';
import type { MeshFigures } from '../../release.ts';

export interface Chart {
  readonly plane: ControlPlane;
  readonly namespace: string;
  /** The name of the control plane: `basic` in `istiod-basic`. */
  readonly mesh: string;
  readonly figures: MeshFigures;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
export const REGISTRY = 'registry.redhat.io/openshift-service-mesh';
export const OAUTH_PROXY = 'registry.redhat.io/openshift4/ose-oauth-proxy:v4.8';

/** `<operator version>-<generation>`: the version that has been reconciled. */
export function reconciledVersion({ plane, figures }: Chart): string {
  return `${figures.operatorVersion}-${plane.metadata.generation ?? 1}`;
}

/** The metadata that the operator adds to every object of a component's chart. */
export function stamp(chart: Chart, component: string, object: AnyObject): AnyObject {
  const { plane, namespace, figures } = chart;
  const labels: Labels = {
    ...object.metadata.labels,
    'app.kubernetes.io/name': component,
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/instance': namespace,
    'app.kubernetes.io/version': reconciledVersion(chart),
    'app.kubernetes.io/part-of': 'istio',
    'app.kubernetes.io/managed-by': 'maistra-istio-operator',
    'maistra.io/owner': namespace,
    'maistra-version': figures.chartVersion,
    release: 'istio',
  };
  const annotations = { ...object.metadata.annotations, 'maistra.io/mesh-generation': reconciledVersion(chart) };
  const { name, uid = '' } = plane.metadata;
  const owner = {
    apiVersion: CONTROL_PLANES.apiVersion,
    kind: CONTROL_PLANES.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  const stamped = {
    ...object,
    metadata: { ...object.metadata, namespace, labels, annotations, ownerReferences: [owner] },
  };
  // The operator applies objects like kubectl (helm/patch.go), so that a user's `apply` does a three-way merge with them.
  const applied = { [LAST_APPLIED]: JSON.stringify(stamped) };
  return { ...stamped, metadata: { ...stamped.metadata, annotations: { ...annotations, ...applied } } };
}

export function deployment(
  name: string,
  labels: Labels,
  serviceAccount: string,
  containers: Container[],
  more: DeploymentExtras = {},
): AnyObject {
  const selector = more.selector ?? labels;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: {
        metadata: { labels, annotations: { 'sidecar.istio.io/inject': 'false', ...more.annotations } },
        spec: {
          serviceAccountName: serviceAccount,
          containers,
          ...(more.volumes === undefined ? {} : { volumes: more.volumes }),
        },
      },
    },
  };
}
interface DeploymentExtras {
  selector?: Labels;
  annotations?: Labels;
  volumes?: object[];
}

export function service(
  name: string,
  selector: Labels,
  ports: ServicePort[],
  more: { headless?: boolean; labels?: Labels } = {},
): AnyObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: { ...selector, ...more.labels } },
    spec: { ...(more.headless === true ? { clusterIP: 'None' } : { type: 'ClusterIP' }), ports, selector },
  };
}

export function port(
  name: string,
  number: number,
  targetPort: number | string = number,
  protocol = 'TCP',
): ServicePort {
  return { name, port: number, targetPort, protocol };
}

export function route(
  name: string,
  to: string,
  tls: { termination: string; redirect: boolean } | undefined,
  targetPort?: number | string,
): AnyObject {
  return {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { name, labels: { app: name } },
    spec: {
      to: { kind: 'Service', name: to, weight: 100 },
      wildcardPolicy: 'None',
      ...(targetPort === undefined ? {} : { port: { targetPort } }),
      ...(tls === undefined
        ? {}
        : {
            tls: {
              termination: tls.termination,
              ...(tls.redirect ? { insecureEdgeTerminationPolicy: 'Redirect' } : {}),
            },
          }),
    },
  };
}

export function serviceAccount(name: string): AnyObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } };
}

export function configMap(name: string, data: Record<string, string>): AnyObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

export function peerAuthentication(name: string, spec: object): AnyObject {
  return { apiVersion: 'security.istio.io/v1beta1', kind: 'PeerAuthentication', metadata: { name }, spec };
}

export function destinationRule(name: string, host: string, tlsMode: string): AnyObject {
  const spec = { host, trafficPolicy: { tls: { mode: tlsMode } } };
  return { apiVersion: DESTINATION_RULES.apiVersion, kind: DESTINATION_RULES.kind, metadata: { name }, spec };
}

export function networkPolicy(name: string, podLabels: Labels, ingress: object[]): AnyObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec: {
      podSelector: Object.keys(podLabels).length === 0 ? {} : { matchLabels: podLabels },
      policyTypes: ['Ingress'],
      ingress,
    },
  };
}

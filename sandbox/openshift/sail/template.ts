/** The injection templates `sidecar` and `gateway` of Istio 1.24 and later, as its test data for OpenShift has them. Pure. */
import { type Container, type ContainerPort, type EnvVar, PODS, type Pod, type Volume } from '../../client/kinds.ts';
import { PROXY } from '../servicemesh/overlay.ts';
import { ownerPath, workloadOf } from '../servicemesh/workload.ts';
import { image } from './charts.ts';
import { type Installation, istiodName } from './installation.ts';

/** `router` for a gateway. */
export type Role = 'sidecar' | 'router';

export const READY = { path: '/healthz/ready', port: 15021 };
const REVOKED = 'istio-ca-crl';

/** Lets a gateway's proxy listen on 80 and 443 without privileges. */
export const UNPRIVILEGED_PORTS = { name: 'net.ipv4.ip_unprivileged_port_start', value: '0' };

/** A proxy that runs as an init container is drained before it is stopped, after the app. */
export const DRAIN: NonNullable<Container['lifecycle']> = {
  preStop: { exec: { command: ['pilot-agent', 'request', '--debug-port=15020', 'POST', 'drain'] } },
};

/** Of revoked certificates; since Istio 1.27, beside apps only. */
function hasRevocationList(role: Role, { version }: Installation): boolean {
  return role === 'sidecar' && Number(version.split('.')[1]) >= 27;
}

/** @param user the user ID that the proxy runs as. */
export function proxy(pod: Pod, namespace: string, role: Role, user: number, installation: Installation): Container {
  return {
    name: PROXY,
    image: image('proxyv2', installation.version),
    args: [
      'proxy',
      role,
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      '--proxyLogLevel=warning',
      '--proxyComponentLogLevel=misc:error',
      '--log_output_level=default:info',
    ],
    env: environment(pod, namespace, role, installation),
    ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
    ...(role === 'sidecar'
      ? { startupProbe: { httpGet: READY, failureThreshold: 600, periodSeconds: 1, timeoutSeconds: 3 } }
      : {}),
    readinessProbe: { httpGet: READY, failureThreshold: 4, periodSeconds: 15, timeoutSeconds: 3 },
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2', memory: '1Gi' } },
    securityContext: restricted(user),
    volumeMounts: [
      { name: 'workload-socket', mountPath: '/var/run/secrets/workload-spiffe-uds' },
      { name: 'credential-socket', mountPath: '/var/run/secrets/credential-uds' },
      { name: 'workload-certs', mountPath: '/var/run/secrets/workload-spiffe-credentials' },
      { name: 'istiod-ca-cert', mountPath: '/var/run/secrets/istio' },
      ...(hasRevocationList(role, installation) ? [{ name: REVOKED, mountPath: '/var/run/secrets/istio/crl' }] : []),
      { name: 'istio-data', mountPath: '/var/lib/istio/data' },
      { name: 'istio-envoy', mountPath: '/etc/istio/proxy' },
      { name: 'istio-token', mountPath: '/var/run/secrets/tokens' },
      { name: 'istio-podinfo', mountPath: '/etc/istio/pod' },
    ],
  };
}

/** The init container that checks whether the CNI plugin redirects the pod's traffic to the proxy. */
export function validation(user: number, version: string): Container {
  return {
    name: 'istio-validation',
    image: image('proxyv2', version),
    args: [
      'istio-iptables',
      ...['-p', '15001', '-z', '15006', '-u', String(user), '-m', 'REDIRECT', '-i', '*', '-x', '', '-b', '*'],
      ...['-d', '15090,15021,15020', '--log_output_level=default:info', '--run-validation', '--skip-rule-apply'],
    ],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2', memory: '1Gi' } },
    securityContext: restricted(user),
  };
}

function environment(pod: Pod, namespace: string, role: Role, installation: Installation): EnvVar[] {
  const { revision, namespace: root } = installation;
  const field = (name: string, fieldPath: string): EnvVar => ({
    name,
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
  });
  const resource = (name: string, of: string): EnvVar => ({
    name,
    valueFrom: { resourceFieldRef: { resource: of, divisor: '0' } },
  });
  const workload = workloadOf(pod);
  const apps = pod.spec.containers.filter(({ name }) => name !== PROXY);
  const ports = apps.flatMap(({ ports = [] }) => ports).map(portText);
  const names: EnvVar = {
    name: 'ISTIO_META_APP_CONTAINERS',
    ...(apps.length === 0 ? {} : { value: apps.map(({ name }) => name).join(',') }),
  };
  const limits = [resource('GOMEMLIMIT', 'limits.memory'), resource('GOMAXPROCS', 'limits.cpu')];
  return [
    { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
    { name: 'CA_ADDR', value: `${istiodName(revision)}.${root}.svc:15012` },
    field('POD_NAME', 'metadata.name'),
    field('POD_NAMESPACE', 'metadata.namespace'),
    field('INSTANCE_IP', 'status.podIP'),
    field('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    field('HOST_IP', 'status.hostIP'),
    resource('ISTIO_CPU_LIMIT', 'limits.cpu'),
    { name: 'PROXY_CONFIG', value: '{}\n' },
    {
      name: 'ISTIO_META_POD_PORTS',
      value: `[\n${ports.map((port) => `    ${port}`).join(',\n')}${ports.length > 0 ? '\n' : ''}]`,
    },
    ...(role === 'sidecar' ? [names, ...limits] : [...limits, names]),
    { name: 'ISTIO_META_CLUSTER_ID', value: 'Kubernetes' },
    field('ISTIO_META_NODE_NAME', 'spec.nodeName'),
    { name: 'ISTIO_META_INTERCEPTION_MODE', value: 'REDIRECT' },
    { name: 'ISTIO_META_WORKLOAD_NAME', value: workload },
    { name: 'ISTIO_META_OWNER', value: `kubernetes://${ownerPath(pod, namespace, workload)}` },
    { name: 'ISTIO_META_MESH_ID', value: 'cluster.local' },
    { name: 'TRUST_DOMAIN', value: 'cluster.local' },
  ];
}

/** In the order of Kubernetes' own fields. */
function portText({ name, containerPort, protocol }: ContainerPort): string {
  return JSON.stringify({ name, containerPort, protocol });
}

export function volumes(role: Role, installation: Installation): Volume[] {
  const item = (path: string) => ({ path, fieldRef: { apiVersion: PODS.apiVersion, fieldPath: `metadata.${path}` } });
  const token = { audience: 'istio-ca', expirationSeconds: 43_200, path: 'istio-token' };
  return [
    { name: 'workload-socket', emptyDir: {} },
    { name: 'credential-socket', emptyDir: {} },
    { name: 'workload-certs', emptyDir: {} },
    { name: 'istio-envoy', emptyDir: { medium: 'Memory' } },
    { name: 'istio-data', emptyDir: {} },
    { name: 'istio-podinfo', downwardAPI: { items: [item('labels'), item('annotations')] } },
    { name: 'istio-token', projected: { sources: [{ serviceAccountToken: token }] } },
    // istiod writes this into every namespace. Optional, so that a pod in a new namespace need not wait for it.
    { name: 'istiod-ca-cert', configMap: { name: 'istio-ca-root-cert', optional: true } },
    ...(hasRevocationList(role, installation) ? [{ name: REVOKED, configMap: { name: REVOKED, optional: true } }] : []),
  ];
}

/** The security context that the profile `restricted` requires. */
function restricted(user: number) {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsGroup: user,
    runAsNonRoot: true,
    runAsUser: user,
  };
}

/** Kinds as the node needs them: the fields it reads or writes. */
import { type KubeObject, resource } from '../client/client.ts';

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: {
    fieldRef?: { fieldPath: string };
    resourceFieldRef?: { containerName?: string; resource: string; divisor?: string };
    configMapKeyRef?: KeyRef;
    secretKeyRef?: KeyRef;
  };
}
export interface KeyRef {
  name: string;
  key: string;
  optional?: boolean;
}
export interface EnvFrom {
  prefix?: string;
  configMapRef?: { name: string; optional?: boolean };
  secretRef?: { name: string; optional?: boolean };
}

export interface Probe {
  httpGet?: { path?: string; port: number | string; host?: string; scheme?: string; httpHeaders?: HttpHeader[] };
  tcpSocket?: { port: number | string; host?: string };
  exec?: { command: string[] };
  initialDelaySeconds?: number;
  periodSeconds?: number;
  timeoutSeconds?: number;
  successThreshold?: number;
  failureThreshold?: number;
}
export interface HttpHeader {
  name: string;
  value: string;
}

export interface VolumeMount {
  name: string;
  mountPath: string;
  subPath?: string;
  readOnly?: boolean;
}

export interface Container {
  name: string;
  image: string;
  imagePullPolicy?: string;
  command?: string[];
  args?: string[];
  workingDir?: string;
  env?: EnvVar[];
  envFrom?: EnvFrom[];
  ports?: { name?: string; containerPort: number; protocol?: string }[];
  volumeMounts?: VolumeMount[];
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  startupProbe?: Probe;
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  lifecycle?: { preStop?: { exec?: { command: string[] } } };
  stdin?: boolean;
  tty?: boolean;
}

/** Modes are numbers; YAML reads `0400` as octal. */
export interface KeyToPath {
  key: string;
  path: string;
  mode?: number;
}
export interface TokenSource {
  path: string;
  audience?: string;
  expirationSeconds?: number;
}
export interface DownwardItem {
  path: string;
  mode?: number;
  fieldRef?: { fieldPath: string };
  resourceFieldRef?: { containerName?: string; resource: string };
}
export interface ConfigMapSource {
  name?: string;
  items?: KeyToPath[];
  optional?: boolean;
}
export interface SecretSource {
  secretName?: string;
  name?: string;
  items?: KeyToPath[];
  optional?: boolean;
}
export interface Volume {
  name: string;
  emptyDir?: Record<string, unknown>;
  configMap?: ConfigMapSource & { defaultMode?: number };
  secret?: SecretSource & { defaultMode?: number };
  downwardAPI?: { items?: DownwardItem[]; defaultMode?: number };
  projected?: {
    sources?: {
      configMap?: ConfigMapSource;
      secret?: SecretSource;
      downwardAPI?: { items?: DownwardItem[] };
      serviceAccountToken?: TokenSource;
    }[];
    defaultMode?: number;
  };
  hostPath?: { path: string };
  persistentVolumeClaim?: { claimName: string };
}

export interface PodSpec {
  nodeName?: string;
  hostname?: string;
  subdomain?: string;
  hostNetwork?: boolean;
  serviceAccountName?: string;
  enableServiceLinks?: boolean;
  restartPolicy?: string;
  terminationGracePeriodSeconds?: number;
  hostAliases?: { ip: string; hostnames?: string[] }[];
  containers: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastProbeTime?: string | null;
  lastTransitionTime?: string;
}

export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: {
    exitCode: number;
    signal?: number;
    reason: string;
    message?: string;
    startedAt: string;
    finishedAt: string;
    containerID: string;
  };
}
export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started?: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
}
export interface PodStatus {
  phase?: string;
  conditions?: Condition[];
  hostIP?: string;
  podIP?: string;
  podIPs?: { ip: string }[];
  startTime?: string;
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
  message?: string;
  reason?: string;
}
export interface Pod extends KubeObject {
  metadata: KubeObject['metadata'] & { deletionGracePeriodSeconds?: number };
  spec: PodSpec;
  status?: PodStatus;
}

export interface Service extends KubeObject {
  spec: {
    type?: string;
    clusterIP?: string;
    selector?: Record<string, string>;
    externalName?: string;
    ports?: { name?: string; port: number; protocol?: string; targetPort?: number | string; nodePort?: number }[];
  };
}
export interface Endpoints extends KubeObject {
  subsets?: {
    addresses?: { ip: string; hostname?: string; targetRef?: { kind?: string; name?: string } }[];
    ports?: { name?: string; port: number; protocol?: string }[];
  }[];
}
export interface Data extends KubeObject {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}
export interface NodeObject extends KubeObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

export const PODS = resource<Pod>('v1', 'Pod', 'pods');
export const SERVICES = resource<Service>('v1', 'Service', 'services');
export const ENDPOINTS = resource<Endpoints>('v1', 'Endpoints', 'endpoints');
export const CONFIG_MAPS = resource<Data>('v1', 'ConfigMap', 'configmaps');
export const SECRETS = resource<Data>('v1', 'Secret', 'secrets');
export const SERVICE_ACCOUNTS = resource<KubeObject>('v1', 'ServiceAccount', 'serviceaccounts');
export const NODES = resource<NodeObject>('v1', 'Node', 'nodes', 'cluster');

/** The time as the Kubernetes API writes it: seconds, UTC. */
export function timestamp(at = Date.now()): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The Kubernetes kinds that the node uses, re-exported. */
export type {
  Condition,
  ConfigMapSource,
  Container,
  ContainerState,
  ContainerStatus,
  Data,
  DownwardItem,
  Endpoints,
  EnvVar,
  KeyRef,
  KeyToPath,
  LifecycleHandler,
  Node,
  Pod,
  PodStatus,
  Probe,
  SecretSource,
  Service,
  TokenSource,
  Volume,
} from '../client/kinds.ts';
export { CONFIG_MAPS, ENDPOINTS, NODES, PODS, SECRETS, SERVICE_ACCOUNTS, SERVICES } from '../client/kinds.ts';

/** The time as the Kubernetes API writes it: seconds, UTC. */
export function timestamp(at = Date.now()): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

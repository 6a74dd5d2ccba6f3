/** The table columns of each built-in kind. */
import type { TablePrinter } from '../types.ts';
import * as cluster from './cluster.ts';
import { DEFAULT_PRINTER } from './default.ts';
import * as network from './network.ts';
import { PODS } from './pods.ts';
import * as policies from './policies.ts';
import * as workloads from './workloads.ts';

const PRINTERS: Readonly<Record<string, TablePrinter>> = {
  Pod: PODS,
  Deployment: workloads.DEPLOYMENTS,
  ReplicaSet: workloads.REPLICA_SETS,
  ReplicationController: workloads.REPLICA_SETS,
  DaemonSet: workloads.DAEMON_SETS,
  StatefulSet: workloads.STATEFUL_SETS,
  Job: workloads.JOBS,
  CronJob: workloads.CRON_JOBS,
  Service: network.SERVICES,
  Endpoints: network.ENDPOINTS,
  EndpointSlice: network.ENDPOINT_SLICES,
  NetworkPolicy: network.NETWORK_POLICIES,
  Ingress: network.INGRESSES,
  ConfigMap: network.CONFIG_MAPS,
  Secret: network.SECRETS,
  Node: cluster.NODES,
  Namespace: cluster.NAMESPACES,
  ServiceAccount: cluster.SERVICE_ACCOUNTS,
  Event: cluster.EVENTS,
  Role: cluster.CREATED_AT,
  ClusterRole: cluster.CREATED_AT,
  CustomResourceDefinition: cluster.CREATED_AT,
  RoleBinding: cluster.ROLE_BINDINGS,
  ClusterRoleBinding: cluster.ROLE_BINDINGS,
  MutatingWebhookConfiguration: cluster.WEBHOOKS,
  ValidatingWebhookConfiguration: cluster.WEBHOOKS,
  Lease: cluster.LEASES,
  APIService: cluster.API_SERVICES,
  PersistentVolume: cluster.VOLUMES,
  PersistentVolumeClaim: cluster.CLAIMS,
  StorageClass: cluster.STORAGE_CLASSES,
  PodDisruptionBudget: policies.DISRUPTION_BUDGETS,
  ResourceQuota: policies.QUOTAS,
  PriorityClass: policies.PRIORITY_CLASSES,
  IngressClass: policies.INGRESS_CLASSES,
  ControllerRevision: policies.REVISIONS,
  PodTemplate: policies.POD_TEMPLATES,
  CertificateSigningRequest: policies.SIGNING_REQUESTS,
  LimitRange: cluster.CREATED_AT,
};

export function builtinPrinter(kind: string): TablePrinter {
  return PRINTERS[kind] ?? DEFAULT_PRINTER;
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUILTIN_KINDS } from '../registry/kinds/index.ts';
import { builtinPrinter } from './builtin.ts';

/** Columns of kube-apiserver 1.34 (pkg/printers/internalversion); `!` marks those of `-o wide`. */
const REAL: Readonly<Record<string, string>> = {
  Pod: 'Name,Ready,Status,Restarts,Age,IP!,Node!,Nominated Node!,Readiness Gates!',
  PodTemplate: 'Name,Containers,Images,Pod Labels',
  PodDisruptionBudget: 'Name,Min Available,Max Unavailable,Allowed Disruptions,Age',
  ReplicationController: 'Name,Desired,Current,Ready,Age,Containers!,Images!,Selector!',
  ReplicaSet: 'Name,Desired,Current,Ready,Age,Containers!,Images!,Selector!',
  DaemonSet: 'Name,Desired,Current,Ready,Up-to-date,Available,Node Selector,Age,Containers!,Images!,Selector!',
  Job: 'Name,Status,Completions,Duration,Age,Containers!,Images!,Selector!',
  CronJob: 'Name,Schedule,Timezone,Suspend,Active,Last Schedule,Age,Containers!,Images!,Selector!',
  Service: 'Name,Type,Cluster-IP,External-IP,Port(s),Age,Selector!',
  Ingress: 'Name,Class,Hosts,Address,Ports,Age',
  IngressClass: 'Name,Controller,Parameters,Age',
  StatefulSet: 'Name,Ready,Age,Containers!,Images!',
  Endpoints: 'Name,Endpoints,Age',
  EndpointSlice: 'Name,AddressType,Ports,Endpoints,Age',
  Node: 'Name,Status,Roles,Age,Version,Internal-IP!,External-IP!,OS-Image!,Kernel-Version!,Container-Runtime!',
  Namespace: 'Name,Status,Age',
  Secret: 'Name,Type,Data,Age',
  ServiceAccount: 'Name,Secrets,Age',
  PersistentVolume:
    'Name,Capacity,Access Modes,Reclaim Policy,Status,Claim,StorageClass,VolumeAttributesClass,Reason,Age,VolumeMode!',
  PersistentVolumeClaim: 'Name,Status,Volume,Capacity,Access Modes,StorageClass,VolumeAttributesClass,Age,VolumeMode!',
  Deployment: 'Name,Ready,Up-to-date,Available,Age,Containers!,Images!,Selector!',
  HorizontalPodAutoscaler: 'Name,Reference,Targets,MinPods,MaxPods,Replicas,Age',
  ConfigMap: 'Name,Data,Age',
  NetworkPolicy: 'Name,Pod-Selector,Age',
  Role: 'Name,Created At',
  ClusterRole: 'Name,Created At',
  RoleBinding: 'Name,Role,Age,Users!,Groups!,ServiceAccounts!',
  ClusterRoleBinding: 'Name,Role,Age,Users!,Groups!,ServiceAccounts!',
  CertificateSigningRequest: 'Name,Age,SignerName,Requestor,RequestedDuration,Condition',
  Lease: 'Name,Holder,Age',
  StorageClass: 'Name,Provisioner,ReclaimPolicy,VolumeBindingMode,AllowVolumeExpansion,Age',
  ControllerRevision: 'Name,Controller,Revision,Age',
  LimitRange: 'Name,Created At',
  ResourceQuota: 'Name,Request,Limit,Age',
  PriorityClass: 'Name,Value,Global-Default,Age,PreemptionPolicy',
  RuntimeClass: 'Name,Handler,Age',
  MutatingWebhookConfiguration: 'Name,Webhooks,Age',
  ValidatingWebhookConfiguration: 'Name,Webhooks,Age',
  ValidatingAdmissionPolicy: 'Name,Validations,ParamKind,Age',
  ValidatingAdmissionPolicyBinding: 'Name,PolicyName,ParamRef,Age',
};

for (const kind of BUILTIN_KINDS) {
  const real = REAL[kind.kind];
  if (real === undefined) continue;
  test(`${kind.version} ${kind.kind} is shown with the columns of a real server`, () => {
    const { columns } = kind.printer ?? builtinPrinter(kind.kind);
    assert.equal(columns.map(({ name, priority }) => `${name}${priority === 1 ? '!' : ''}`).join(','), real);
  });
}

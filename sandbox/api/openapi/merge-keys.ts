/**
 * How lists and structs of the built-in types merge: `x-kubernetes-patch-strategy`, `-patch-merge-key`, `-list-type` and
 * `-list-map-keys` of Kubernetes' OpenAPI document. By type and field; the models of client-node lack them.
 */

export interface MergeRule {
  /** `merge` for lists, `retainKeys` or both (`merge,retainKeys`) as the document writes it. */
  readonly strategy: string;
  /** The key of strategic patches; absent for sets and structs. */
  readonly mergeKey?: string;
  /** The keys of apply where they are more than the merge key. */
  readonly mapKeys?: readonly string[];
}

const by = (mergeKey: string, ...more: string[]): MergeRule =>
  more.length === 0 ? { strategy: 'merge', mergeKey } : { strategy: 'merge', mergeKey, mapKeys: [mergeKey, ...more] };
const SET: MergeRule = { strategy: 'merge' };
const RETAIN: MergeRule = { strategy: 'retainKeys' };

const CONTAINER: Record<string, MergeRule> = {
  ports: by('containerPort', 'protocol'),
  env: by('name'),
  volumeMounts: by('mountPath'),
  volumeDevices: by('devicePath'),
};
const CONDITIONS = { conditions: by('type') };

/** By the last part of the definition's name; types of one name in several groups have the same rules. */
const RULES: Readonly<Record<string, Readonly<Record<string, MergeRule>>>> = {
  ObjectMeta: { ownerReferences: by('uid'), finalizers: SET },
  PodSpec: {
    containers: by('name'),
    initContainers: by('name'),
    ephemeralContainers: by('name'),
    volumes: { strategy: 'merge,retainKeys', mergeKey: 'name' },
    imagePullSecrets: by('name'),
    hostAliases: by('ip'),
    topologySpreadConstraints: by('topologyKey', 'whenUnsatisfiable'),
    schedulingGates: by('name'),
  },
  Container: CONTAINER,
  EphemeralContainer: CONTAINER,
  PodStatus: { conditions: by('type'), podIPs: by('ip'), hostIPs: by('ip') },
  ServiceSpec: { ports: by('port', 'protocol') },
  ServiceStatus: CONDITIONS,
  ServiceAccount: { secrets: by('name') },
  DeploymentSpec: { strategy: RETAIN },
  DeploymentStatus: CONDITIONS,
  ReplicaSetStatus: CONDITIONS,
  ReplicationControllerStatus: CONDITIONS,
  StatefulSetStatus: CONDITIONS,
  DaemonSetStatus: CONDITIONS,
  JobStatus: CONDITIONS,
  NodeSpec: { podCIDRs: SET },
  NodeStatus: { conditions: by('type'), addresses: by('type') },
  NamespaceStatus: CONDITIONS,
  PersistentVolumeClaimStatus: CONDITIONS,
  PodDisruptionBudgetStatus: CONDITIONS,
  MutatingWebhookConfiguration: { webhooks: by('name') },
  ValidatingWebhookConfiguration: { webhooks: by('name') },
};

export function mergeRule(definition: string, field: string): MergeRule | undefined {
  const type = definition.slice(definition.lastIndexOf('.') + 1);
  const rules = RULES[type];
  return rules !== undefined && Object.hasOwn(rules, field) ? rules[field] : undefined;
}

/** Structs that apply replaces as a whole (`x-kubernetes-map-type: atomic`). */
export function isAtomicType(definition: string): boolean {
  return /\.(LabelSelector|ObjectReference|LocalObjectReference|NodeSelector|NodeSelectorTerm|SecretKeySelector|ConfigMapKeySelector|ResourceFieldSelector|ObjectFieldSelector|TypedLocalObjectReference|SecretReference|TopologySelectorTerm)$/.test(
    definition,
  );
}

/** The fields of a pod that have an effect: `node/` runs containers, `controllers/scheduler.ts` places pods. */
import { type FieldSupport, merged } from '../../../fields/support.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const PROBE = [
  'httpGet',
  'tcpSocket',
  'exec',
  'grpc',
  'initialDelaySeconds',
  'periodSeconds',
  'timeoutSeconds',
  'successThreshold',
  'failureThreshold',
];
const HOOK = ['exec', 'httpGet', 'sleep'];
const NO_LIMITS = 'containers share the machine, and nothing they use is measured or limited';
const SAME_USER = 'containers run with the user and rights of the sandbox';

function containers(list: 'containers' | 'initContainers' | 'ephemeralContainers'): FieldSupport {
  const at = `spec.${list}[]`;
  const paths = [
    'name',
    'image',
    'imagePullPolicy',
    'command',
    'args',
    'workingDir',
    'env[].name',
    'env[].value',
    'env[].valueFrom.fieldRef',
    'env[].valueFrom.resourceFieldRef.containerName',
    'env[].valueFrom.resourceFieldRef.resource',
    'env[].valueFrom.configMapKeyRef',
    'env[].valueFrom.secretKeyRef',
    'envFrom',
    'ports[].name',
    'ports[].containerPort',
    'ports[].protocol',
    'volumeMounts[].name',
    'volumeMounts[].mountPath',
    'volumeMounts[].subPath',
    'volumeMounts[].readOnly',
    'stdin',
    ...['postStart', 'preStop'].flatMap((hook) => HOOK.map((field) => `lifecycle.${hook}.${field}`)),
  ];
  const probes = PROBES.flatMap((probe) => PROBE.map((field) => `${probe}.${field}`));
  // All containers of a pod share one process namespace, so the target's processes are visible.
  const more = {
    initContainers: ['restartPolicy=Always'],
    containers: [],
    ephemeralContainers: ['targetContainerName'],
  };
  const unsupported: Record<string, string> = {
    'imagePullPolicy=Never': 'no image is pulled, whatever the policy',
    resources: NO_LIMITS,
    securityContext: SAME_USER,
    'lifecycle.stopSignal': 'a container is ended by SIGTERM',
    'ports[].hostPort': 'pods are reached at their own addresses',
    'ports[].protocol=SCTP': 'the network of the sandbox knows TCP and UDP',
    'volumeMounts[].subPathExpr': 'the whole volume is mounted',
    tty: 'a terminal is given to kubectl exec only',
  };
  return {
    supported: [...paths, ...probes, ...more[list]].map((path) => `${at}.${path}`),
    unsupported: Object.fromEntries(Object.entries(unsupported).map(([path, why]) => [`${at}.${path}`, why])),
  };
}

const PROJECTED = ['configMap', 'secret', 'downwardAPI', 'serviceAccountToken'];

const VOLUMES: FieldSupport = {
  supported: [
    'name',
    'emptyDir',
    'configMap',
    'secret',
    'downwardAPI',
    'projected.defaultMode',
    ...PROJECTED.map((source) => `projected.sources[].${source}`),
    'hostPath.path',
    'persistentVolumeClaim.claimName',
  ].map((path) => `spec.volumes[].${path}`),
  unsupported: {
    'spec.volumes[]': 'an empty directory is mounted instead',
    'spec.volumes[].emptyDir.medium': 'the directory lies on the disk of the sandbox',
    'spec.volumes[].emptyDir.sizeLimit': NO_LIMITS,
    'spec.volumes[].hostPath.type': 'the path is taken as it is found',
    'spec.volumes[].persistentVolumeClaim.readOnly': 'set it on the mount',
    'spec.volumes[].downwardAPI.items[].resourceFieldRef.divisor': 'values are given in their base unit',
    'spec.volumes[].projected.sources[].downwardAPI.items[].resourceFieldRef.divisor':
      'values are given in their base unit',
  },
};

const EVEN = 'pods are spread evenly over the nodes that take them';
const IN_ORDER = 'pods are placed in the order in which they come';

const POD: FieldSupport = {
  supported: [
    'nodeName',
    'nodeSelector',
    'tolerations',
    'schedulerName',
    'hostname',
    'subdomain',
    'hostAliases',
    'hostNetwork',
    'serviceAccountName',
    'serviceAccount',
    'enableServiceLinks',
    'restartPolicy',
    'terminationGracePeriodSeconds',
    'dnsPolicy=ClusterFirst',
    'hostPID=false',
    'hostIPC=false',
    'shareProcessNamespace=false',
    'setHostnameAsFQDN=false',
    'automountServiceAccountToken',
    // Set by the server.
    'tolerations[].tolerationSeconds=300',
    'preemptionPolicy=PreemptLowerPriority',
    'priority=0',
  ].map((path) => `spec.${path}`),
  unsupported: {
    'spec.affinity': EVEN,
    'spec.topologySpreadConstraints': EVEN,
    'spec.tolerations[].tolerationSeconds': 'no pod is evicted by a taint',
    'spec.priority': IN_ORDER,
    'spec.priorityClassName': IN_ORDER,
    'spec.preemptionPolicy': IN_ORDER,
    'spec.schedulingGates': IN_ORDER,
    'spec.securityContext': SAME_USER,
    'spec.hostUsers': SAME_USER,
    'spec.runtimeClassName': 'containers all run the same way',
    'spec.dnsPolicy': "pods ask the sandbox's DNS",
    'spec.dnsConfig': "pods ask the sandbox's DNS",
    'spec.imagePullSecrets': 'no image is pulled from a registry',
    'spec.activeDeadlineSeconds': 'only a Job has its deadline kept',
    'spec.resources': NO_LIMITS,
    'spec.overhead': NO_LIMITS,
  },
  keys: [
    {
      at: 'metadata.annotations',
      domains: [
        'cluster-autoscaler.kubernetes.io/',
        'container.apparmor.security.beta.kubernetes.io/',
        'kubernetes.io/egress-bandwidth',
        'kubernetes.io/ingress-bandwidth',
        'scheduler.alpha.kubernetes.io/',
        'seccomp.security.alpha.kubernetes.io/',
        'container.seccomp.security.alpha.kubernetes.io/',
      ],
      supported: [],
    },
  ],
};

/** Paths start at the pod: `spec.containers[].image`. */
export const POD_FIELDS: FieldSupport = merged(
  POD,
  containers('containers'),
  containers('initContainers'),
  containers('ephemeralContainers'),
  VOLUMES,
);

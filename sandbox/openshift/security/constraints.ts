/** The SecurityContextConstraints that every OpenShift has (cluster-kube-apiserver-operator, bindata/bootkube/scc-manifests). */
import type { AnyObject } from '../../client/kinds.ts';

const PLAIN_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

interface Constraint {
  readonly runAsUser: 'MustRunAsRange' | 'MustRunAsNonRoot' | 'RunAsAny';
  readonly host?: readonly ('Network' | 'Ports' | 'PID' | 'IPC' | 'DirVolumePlugin')[];
  readonly privileged?: boolean;
  readonly capabilities?: readonly string[];
  readonly priority?: number;
  /** Capabilities that containers must drop. The `-v2` constraints drop all of them. */
  readonly drop?: readonly string[];
}

const RIGHTS_OF_ROOT = ['KILL', 'MKNOD', 'SETUID', 'SETGID'];

/** In the order in which they are tried: by priority, then from most to least restrictive. */
const CONSTRAINTS: Readonly<Record<string, Constraint>> = {
  anyuid: { runAsUser: 'RunAsAny', priority: 10, drop: ['MKNOD'] },
  'restricted-v2': { runAsUser: 'MustRunAsRange', capabilities: ['NET_BIND_SERVICE'] },
  restricted: { runAsUser: 'MustRunAsRange', drop: RIGHTS_OF_ROOT },
  'nonroot-v2': { runAsUser: 'MustRunAsNonRoot', capabilities: ['NET_BIND_SERVICE'] },
  nonroot: { runAsUser: 'MustRunAsNonRoot', drop: RIGHTS_OF_ROOT },
  'hostmount-anyuid': { runAsUser: 'RunAsAny', host: ['DirVolumePlugin'], drop: ['MKNOD'] },
  'hostnetwork-v2': { runAsUser: 'MustRunAsRange', host: ['Network', 'Ports'], capabilities: ['NET_BIND_SERVICE'] },
  hostnetwork: { runAsUser: 'MustRunAsRange', host: ['Network', 'Ports'], drop: RIGHTS_OF_ROOT },
  hostaccess: {
    runAsUser: 'MustRunAsRange',
    host: ['Network', 'Ports', 'PID', 'IPC', 'DirVolumePlugin'],
    drop: RIGHTS_OF_ROOT,
  },
  privileged: {
    runAsUser: 'RunAsAny',
    host: ['Network', 'Ports', 'PID', 'IPC', 'DirVolumePlugin'],
    privileged: true,
    capabilities: ['*'],
  },
};

/** The constraint for all logged-in users and service accounts. OpenShift 4.11 added the `-v2` constraints. */
export function defaultConstraint(openshift: string): string {
  return hasSecondVersion(openshift) ? 'restricted-v2' : 'restricted';
}

export function constraintsOf(openshift: string): AnyObject[] {
  return Object.entries(CONSTRAINTS)
    .filter(([name]) => hasSecondVersion(openshift) || !name.endsWith('-v2'))
    .map(([name, constraint]) => objectOf(name, constraint));
}

function hasSecondVersion(openshift: string): boolean {
  return Number(openshift.split('.')[1]) >= 11;
}

function objectOf(
  name: string,
  { runAsUser, host = [], privileged = false, capabilities, priority, drop }: Constraint,
): AnyObject {
  const second = name.endsWith('-v2');
  const seccompProfiles = privileged ? ['*'] : second ? ['runtime/default'] : undefined;
  const allows = (what: (typeof host)[number]): boolean => host.includes(what);
  return {
    apiVersion: 'security.openshift.io/v1',
    kind: 'SecurityContextConstraints',
    metadata: { name },
    allowHostDirVolumePlugin: allows('DirVolumePlugin'),
    allowHostIPC: allows('IPC'),
    allowHostNetwork: allows('Network'),
    allowHostPID: allows('PID'),
    allowHostPorts: allows('Ports'),
    allowPrivilegeEscalation: !second,
    allowPrivilegedContainer: privileged,
    allowedCapabilities: capabilities ?? null,
    defaultAddCapabilities: null,
    fsGroup: { type: runAsUser === 'MustRunAsRange' ? 'MustRunAs' : 'RunAsAny' },
    groups: [],
    priority: priority ?? null,
    readOnlyRootFilesystem: false,
    requiredDropCapabilities: second ? ['ALL'] : (drop ?? null),
    runAsUser: { type: runAsUser },
    seLinuxContext: { type: privileged ? 'RunAsAny' : 'MustRunAs' },
    ...(seccompProfiles === undefined ? {} : { seccompProfiles }),
    supplementalGroups: { type: name.startsWith('hostnetwork') ? 'MustRunAs' : 'RunAsAny' },
    users: [],
    volumes: privileged ? ['*'] : [...PLAIN_VOLUMES, ...(allows('DirVolumePlugin') ? ['hostPath'] : [])].sort(),
  };
}

/** Which fields of a SecurityContextConstraints have an effect here. */
import type { FieldSupport, KindSupport } from '../../fields/support.ts';

const CONSTRAINT: FieldSupport = {
  supported: [
    'allowHostDirVolumePlugin',
    'allowHostIPC',
    'allowHostNetwork',
    'allowHostPID',
    'allowHostPorts',
    'allowPrivilegeEscalation',
    'allowPrivilegedContainer',
    'allowedCapabilities',
    'defaultAddCapabilities',
    'defaultAllowPrivilegeEscalation',
    'fsGroup',
    'groups',
    'priority',
    'readOnlyRootFilesystem',
    'requiredDropCapabilities',
    'runAsUser',
    'seLinuxContext',
    'seccompProfiles',
    'supplementalGroups',
    'users',
    'volumes',
  ],
  unsupported: {},
};

export const SECURITY_FIELDS: readonly KindSupport[] = [
  {
    group: 'security.openshift.io',
    kind: 'SecurityContextConstraints',
    plural: 'securitycontextconstraints',
    support: CONSTRAINT,
  },
];

import type { FieldSupport } from '../../../fields/support.ts';
import { defaults, ensure } from '../../json.ts';
import { volumeCauses } from '../../validation/claims.ts';
import { builtinKind, STATUS } from '../builtin.ts';
import { pendingStatus } from '../strategy-parts.ts';

const FIELDS: FieldSupport = {
  supported: [
    'spec.hostPath.path',
    'spec.local.path',
    'spec.capacity',
    'spec.accessModes',
    'spec.claimRef',
    'spec.storageClassName',
    'spec.persistentVolumeReclaimPolicy=Retain',
    'spec.volumeMode=Filesystem',
  ],
  unsupported: {
    spec: 'a volume is a directory of the machine that the sandbox runs on: hostPath or local',
    'spec.persistentVolumeReclaimPolicy': 'what a volume holds is kept when its claim goes',
    'spec.nodeAffinity': 'every node of the sandbox sees every directory',
    'spec.mountOptions': 'directories are mounted as they are',
  },
};

export const PERSISTENT_VOLUME = builtinKind('', 'v1', 'PersistentVolume', {
  short: ['pv'],
  sub: STATUS,
  cluster: true,
  fields: FIELDS,
  strategy: {
    defaults: (object) =>
      defaults(ensure(object, 'spec'), { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }),
    prepareCreate: pendingStatus,
    validate: volumeCauses,
  },
});

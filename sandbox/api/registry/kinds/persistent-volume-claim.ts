import type { FieldSupport } from '../../../fields/support.ts';
import { defaults, ensure } from '../../json.ts';
import { claimCauses } from '../../validation/claims.ts';
import { builtinKind, STATUS } from '../builtin.ts';
import { pendingStatus } from '../strategy-parts.ts';

const SAME_DIRECTORY = 'a claim is bound at once to a directory of the sandbox';

export const CLAIM_FIELDS: FieldSupport = {
  supported: [
    'spec.accessModes',
    'spec.resources.requests',
    'spec.storageClassName',
    'spec.volumeName',
    'spec.volumeMode=Filesystem',
  ],
  unsupported: {
    'spec.selector': SAME_DIRECTORY,
    'spec.dataSource': SAME_DIRECTORY,
    'spec.dataSourceRef': SAME_DIRECTORY,
    'spec.resources.limits': 'the space that a volume takes is not limited',
    'spec.volumeMode': 'volumes are directories',
    'spec.volumeAttributesClassName': SAME_DIRECTORY,
  },
  keys: [
    {
      at: 'metadata.annotations',
      domains: ['volume.beta.kubernetes.io/', 'volume.kubernetes.io/'],
      supported: [],
    },
  ],
};

export const PERSISTENT_VOLUME_CLAIM = builtinKind('', 'v1', 'PersistentVolumeClaim', {
  short: ['pvc'],
  sub: STATUS,
  fields: CLAIM_FIELDS,
  strategy: {
    defaults: (object) => defaults(ensure(object, 'spec'), { volumeMode: 'Filesystem' }),
    prepareCreate: pendingStatus,
    validate: claimCauses,
  },
});

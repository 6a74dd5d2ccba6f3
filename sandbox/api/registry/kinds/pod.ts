import { admitPod, defaultPodSpec, qosClass } from '../../defaults/pods.ts';
import { ensure } from '../../json.ts';
import { podPartCauses } from '../../validation/pod-parts.ts';
import { podCreateCauses, podUpdateCauses } from '../../validation/pods.ts';
import { builtinKind } from '../builtin.ts';
import { POD_FIELDS } from './pod-fields.ts';

export const POD = builtinKind('', 'v1', 'Pod', {
  short: ['po'],
  all: true,
  sub: ['status', 'log', 'exec', 'attach', 'portforward', 'binding', 'eviction', 'ephemeralcontainers', 'resize'],
  fields: POD_FIELDS,
  strategy: {
    defaults: (object) => defaultPodSpec(ensure(object, 'spec')),
    prepareCreate: (object) => {
      const spec = ensure(object, 'spec');
      admitPod(spec);
      object['status'] = { phase: 'Pending', qosClass: qosClass(spec) };
    },
    validate: (object, old) => (old === undefined ? podCreateCauses(object['spec']) : podUpdateCauses(object, old)),
    validateSubresource: podPartCauses,
  },
});

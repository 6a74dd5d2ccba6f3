import { at } from '../../../../model/fields.ts';
import { apiServiceCauses } from '../../validation/api-services.ts';
import { builtinKind, STATUS } from '../builtin.ts';

export const API_SERVICE = builtinKind('apiregistration.k8s.io', 'v1', 'APIService', {
  cluster: true,
  sub: STATUS,
  fields: {
    supported: ['spec.group', 'spec.version'],
    unsupported: {
      'spec.service': 'requests are not handed on to servers that run in pods',
      'spec.groupPriorityMinimum': 'the order of the groups is fixed',
      'spec.versionPriority': 'versions are ordered by their names',
    },
  },
  strategy: {
    validate: apiServiceCauses,
    prepareCreate: (object) => {
      const available = {
        type: 'Available',
        status: 'True',
        reason: 'Local',
        message: 'Local APIServices are always available',
        lastTransitionTime: object.metadata.creationTimestamp,
      };
      object['status'] = at(object, 'spec', 'service') === undefined ? { conditions: [available] } : {};
    },
  },
});

import { at } from '../../json.ts';
import { apiServiceCauses } from '../../validation/api-services.ts';
import { builtinKind, STATUS } from '../builtin.ts';

export const API_SERVICE = builtinKind('apiregistration.k8s.io', 'v1', 'APIService', {
  cluster: true,
  sub: STATUS,
  fields: {
    supported: ['spec'],
    unsupported: { 'spec.service': 'requests are not handed on to servers that run in pods' },
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

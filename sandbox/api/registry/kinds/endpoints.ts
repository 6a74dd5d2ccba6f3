import { records } from '../../../../model/fields.ts';
import { defaults } from '../../json.ts';
import { endpointsCauses } from '../../validation/endpoints.ts';
import { builtinKind } from '../builtin.ts';

export const ENDPOINTS = builtinKind('', 'v1', 'Endpoints', {
  short: ['ep'],
  plural: 'endpoints',
  strategy: {
    createsOnUpdate: true,
    validate: endpointsCauses,
    defaults: (object) => {
      for (const subset of records(object['subsets']))
        for (const port of records(subset['ports'])) defaults(port, { protocol: 'TCP' });
    },
  },
});

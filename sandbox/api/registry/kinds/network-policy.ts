import { records } from '../../../../model/fields.ts';
import { defaults, ensure } from '../../json.ts';
import { networkPolicyCauses } from '../../validation/network.ts';
import { builtinKind } from '../builtin.ts';

const FIELDS = {
  supported: ['spec.podSelector', 'spec.policyTypes', 'spec.ingress', 'spec.egress'],
  unsupported: {
    'spec.ingress[].ports[].protocol=SCTP': 'the network of the sandbox knows TCP and UDP',
    'spec.egress[].ports[].protocol=SCTP': 'the network of the sandbox knows TCP and UDP',
  },
};

export const NETWORK_POLICY = builtinKind('networking.k8s.io', 'v1', 'NetworkPolicy', {
  short: ['netpol'],
  fields: FIELDS,
  strategy: {
    generation: true,
    validate: networkPolicyCauses,
    defaults: (object) => {
      const spec = ensure(object, 'spec');
      ensure(spec, 'podSelector');
      defaults(spec, { policyTypes: spec['egress'] === undefined ? ['Ingress'] : ['Ingress', 'Egress'] });
      const rules = [...records(spec['ingress']), ...records(spec['egress'])];
      for (const rule of rules) for (const port of records(rule['ports'])) defaults(port, { protocol: 'TCP' });
    },
  },
});

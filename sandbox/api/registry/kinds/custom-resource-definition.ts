import { text } from '../../../../model/fields.ts';
import { schemaCauses } from '../../crd/structural.ts';
import { defaults, ensure } from '../../json.ts';
import { crdCauses } from '../../validation/definitions.ts';
import { builtinKind, STATUS } from '../builtin.ts';
import { dropStatus } from '../strategy-parts.ts';

export const CUSTOM_RESOURCE_DEFINITION = builtinKind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', {
  short: ['crd', 'crds'],
  cluster: true,
  sub: STATUS,
  fields: {
    supported: ['spec'],
    unsupported: {
      'spec.conversion.strategy=Webhook': 'versions of a kind differ by their name only',
      'spec.conversion.webhook': 'versions of a kind differ by their name only',
    },
  },
  strategy: {
    generation: true,
    defaults: (object) => {
      const spec = ensure(object, 'spec');
      const names = ensure(spec, 'names');
      const kind = text(names['kind']);
      defaults(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
      defaults(spec, { conversion: { strategy: 'None' } });
    },
    prepareCreate: dropStatus,
    validate: (object, old) => [...crdCauses(object, old), ...schemaCauses(object, old)],
  },
});

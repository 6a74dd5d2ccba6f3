import { fields, text } from '../../../../model/fields.ts';
import { defaults, ensure } from '../../json.ts';
import { secretCauses } from '../../validation/data.ts';
import { builtinKind } from '../builtin.ts';

export const SECRET = builtinKind('', 'v1', 'Secret', {
  strategy: {
    defaults: (object) => {
      defaults(object, { type: 'Opaque' });
      const plain = fields(object['stringData']);
      if (Object.keys(plain).length > 0) {
        const data = ensure(object, 'data');
        for (const [key, value] of Object.entries(plain)) data[key] = Buffer.from(text(value)).toString('base64');
      }
      delete object['stringData'];
    },
    validate: secretCauses,
  },
});

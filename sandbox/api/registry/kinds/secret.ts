import { type Fields, fields, text } from '../../../../model/fields.ts';
import { defaults, ensure } from '../../json.ts';
import { badRequest } from '../../status.ts';
import { secretCauses } from '../../validation/data.ts';
import { builtinKind } from '../builtin.ts';

export const SECRET = builtinKind('', 'v1', 'Secret', {
  strategy: {
    defaults: (object) => {
      refuseIllegalBase64(object);
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

/** @throws {StatusError} BadRequest when `data` has a value that is not valid base64. */
function refuseIllegalBase64(object: Fields): void {
  for (const value of Object.values(fields(object['data'])).map(text)) {
    const legal = /^[A-Za-z0-9+/\r\n]*={0,2}/.exec(value)?.[0] ?? '';
    const at =
      legal.length < value.length ? legal.length : value.replace(/[\r\n]/g, '').length % 4 === 0 ? -1 : value.length;
    if (at < 0) continue;
    throw badRequest(`Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte ${at}`);
  }
}

import { text } from '../../../../model/fields.ts';
import { withoutEffect } from '../../../fields/support.ts';
import { AGE, column, printer } from '../../tables/default.ts';
import { runtimeClassCauses } from '../../validation/classes.ts';
import { builtinKind } from '../builtin.ts';

export const RUNTIME_CLASS = builtinKind('node.k8s.io', 'v1', 'RuntimeClass', {
  cluster: true,
  strategy: { createsOnUpdate: true, needsVersion: true, validate: runtimeClassCauses },
  printer: printer([column('Handler'), AGE], (one) => [text(one['handler'])]),
  fields: withoutEffect('containers of the sandbox all run the same way'),
});

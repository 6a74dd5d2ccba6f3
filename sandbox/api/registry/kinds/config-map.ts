import { configMapCauses } from '../../validation/data.ts';
import { builtinKind } from '../builtin.ts';

export const CONFIG_MAP = builtinKind('', 'v1', 'ConfigMap', {
  short: ['cm'],
  strategy: { validate: configMapCauses },
});

import { withoutEffect } from '../../../fields/support.ts';
import { ingressCauses } from '../../validation/network.ts';
import { builtinKind, STATUS } from '../builtin.ts';
import { dropStatus } from '../strategy-parts.ts';

export const INGRESS = builtinKind('networking.k8s.io', 'v1', 'Ingress', {
  short: ['ing'],
  sub: STATUS,
  strategy: { generation: true, prepareCreate: dropStatus, validate: ingressCauses },
  fields: withoutEffect('an ingress controller of a real cluster leads requests by it; here Routes do'),
});
export const INGRESS_CLASS = builtinKind('networking.k8s.io', 'v1', 'IngressClass', {
  cluster: true,
  fields: withoutEffect('there is no ingress controller in the sandbox'),
});

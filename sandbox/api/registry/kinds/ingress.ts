import { withoutEffect } from '../../../fields/support.ts';
import type { ApiObject } from '../../types.ts';
import { ingressClassCauses } from '../../validation/classes.ts';
import { ingressCauses } from '../../validation/network.ts';
import { builtinKind, STATUS } from '../builtin.ts';

export const INGRESS = builtinKind('networking.k8s.io', 'v1', 'Ingress', {
  short: ['ing'],
  sub: STATUS,
  strategy: { generation: true, prepareCreate: noAddress, validate: ingressCauses },
  fields: withoutEffect('an ingress controller of a real cluster leads requests by it; here Routes do'),
});
export const INGRESS_CLASS = builtinKind('networking.k8s.io', 'v1', 'IngressClass', {
  cluster: true,
  strategy: { generation: true, validate: ingressClassCauses },
  fields: withoutEffect('there is no ingress controller in the sandbox'),
});

function noAddress(ingress: ApiObject): void {
  ingress['status'] = { loadBalancer: {} };
}

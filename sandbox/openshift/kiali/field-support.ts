/** Which fields of Kiali's kinds have an effect here. */
import type { FieldSupport, KindSupport } from '../../fields/support.ts';

const KIALI: FieldSupport = {
  supported: ['spec.deployment.instance_name', 'spec.deployment.namespace'],
  unsupported: { spec: 'its pods are stand-ins: there is no console to look at' },
};

export const KIALI_FIELDS: readonly KindSupport[] = [
  { group: 'kiali.io', kind: 'Kiali', plural: 'kialis', support: KIALI },
  { group: 'kiali.io', kind: 'OSSMConsole', plural: 'ossmconsoles', support: KIALI },
];

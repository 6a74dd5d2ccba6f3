/** Which fields of OLM's kinds have an effect here. */
import { type FieldSupport, type KindSupport, withoutEffect } from '../../fields/support.ts';

const SUBSCRIPTION: FieldSupport = {
  supported: [
    'spec.channel',
    'spec.name',
    'spec.source',
    'spec.sourceNamespace',
    'spec.startingCSV',
    'spec.installPlanApproval',
  ],
  unsupported: { 'spec.config': 'operators run as their ClusterServiceVersion says' },
};

const OPERATOR_GROUP: FieldSupport = {
  supported: ['spec.targetNamespaces', 'spec.upgradeStrategy=Default'],
  unsupported: { 'spec.selector': 'name the namespaces in targetNamespaces' },
};

export const OLM_FIELDS: readonly KindSupport[] = [
  { group: 'operators.coreos.com', kind: 'Subscription', plural: 'subscriptions', support: SUBSCRIPTION },
  { group: 'operators.coreos.com', kind: 'OperatorGroup', plural: 'operatorgroups', support: OPERATOR_GROUP },
  {
    group: 'operators.coreos.com',
    kind: 'CatalogSource',
    plural: 'catalogsources',
    support: withoutEffect('the sandbox has one catalog, which is built in'),
  },
];

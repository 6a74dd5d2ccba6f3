/** Which fields of a Route have an effect here, and which of its annotations. */
import type { FieldSupport, KindSupport } from '../fields/support.ts';
import { ANNOTATIONS } from './router-annotations.ts';

const ROUTE: FieldSupport = {
  supported: [
    'spec.host',
    'spec.path',
    'spec.to',
    'spec.alternateBackends',
    'spec.port',
    'spec.tls.termination',
    'spec.tls.insecureEdgeTerminationPolicy',
    'spec.tls.certificate',
    'spec.tls.key',
    'spec.tls.caCertificate',
    'spec.wildcardPolicy',
  ],
  unsupported: {
    'spec.subdomain': 'a Route without a host gets one from its name and namespace',
    'spec.tls.destinationCACertificate': 'the router does not verify who answers',
  },
  keys: [
    {
      at: 'metadata.annotations',
      domains: ['haproxy.router.openshift.io/', 'router.openshift.io/'],
      supported: Object.values(ANNOTATIONS),
    },
  ],
};

export const ROUTE_FIELDS: readonly KindSupport[] = [
  { group: 'route.openshift.io', kind: 'Route', plural: 'routes', support: ROUTE },
];

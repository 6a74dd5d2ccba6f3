/** Fields of the Gateway API's kinds that have an effect. Problems are reported in the objects' statuses. */
import type { FieldSupport, KindSupport } from '../../fields/support.ts';
import {
  GATEWAY_API,
  GATEWAY_CLASSES,
  GRPC_ROUTES,
  HTTP_ROUTES,
  KUBE_GATEWAYS,
  REFERENCE_GRANTS,
} from '../model/gateway-api.ts';

const NO_PARAMETERS = 'the proxies of a Gateway are made as istiod makes them by default';

const CLASS: FieldSupport = {
  supported: ['spec.controllerName', 'spec.description'],
  unsupported: { 'spec.parametersRef': NO_PARAMETERS },
};

const LISTENER = [
  'name',
  'hostname',
  'port',
  'protocol',
  'allowedRoutes',
  'tls.mode',
  'tls.certificateRefs',
  'tls.options',
];
const GATEWAY: FieldSupport = {
  supported: [
    'spec.gatewayClassName',
    'spec.addresses',
    'spec.infrastructure.labels',
    'spec.infrastructure.annotations',
    ...LISTENER.map((field) => `spec.listeners[].${field}`),
  ],
  unsupported: {
    'spec.infrastructure.parametersRef': NO_PARAMETERS,
    'spec.listeners[].protocol=TCP': 'TCPRoute is not of the standard channel, so nothing can be attached',
    'spec.listeners[].protocol=TLS': 'TLSRoute is not of the standard channel, so nothing can be attached',
  },
  keys: [
    {
      at: 'metadata.annotations',
      domains: ['gateway.istio.io/', 'networking.istio.io/'],
      supported: [
        'gateway.istio.io/name-override',
        'gateway.istio.io/service-account',
        'networking.istio.io/service-type',
      ],
    },
  ],
};

const ROUTE: FieldSupport = {
  supported: ['spec.parentRefs', 'spec.hostnames', 'spec.rules'],
  unsupported: {
    'spec.rules[].filters[].extensionRef': 'Istio has no filters of its own for routes',
    'spec.rules[].backendRefs[].filters[].extensionRef': 'Istio has no filters of its own for routes',
  },
};

export const GATEWAY_API_FIELDS: readonly KindSupport[] = [
  { ...GATEWAY_CLASSES, support: CLASS },
  { ...KUBE_GATEWAYS, support: GATEWAY },
  { ...HTTP_ROUTES, support: ROUTE },
  { ...GRPC_ROUTES, support: ROUTE },
  { ...REFERENCE_GRANTS, support: { supported: ['spec.from', 'spec.to'], unsupported: {} } },
].map(({ kind, plural, support }) => ({ group: GATEWAY_API, kind, plural, support }));

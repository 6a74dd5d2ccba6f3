/** Services, and the ways to reach them: Ingresses, Routes and the Gateway API. */
import type { ApiObject } from '../../kube/types.ts';
import { listAt, numberAt, recordAt, recordsAt, textAt } from '../../model/fields.ts';
import {
  allOf,
  conditionsHold,
  describeCondition,
  type KindReadiness,
  notReady,
  READY,
  type Readiness,
} from './verdict.ts';

const GATEWAY_API = 'gateway.networking.k8s.io';

export const NETWORK: readonly KindReadiness[] = [
  {
    group: '',
    kind: 'Service',
    names: ['service', 'services', 'svc'],
    judge: service,
    companion: { apiVersion: 'v1', kind: 'Endpoints', unless: (object) => object.spec?.['type'] === 'ExternalName' },
  },
  { group: '', kind: 'Endpoints', names: ['endpoints', 'ep'], judge: endpoints },
  {
    group: 'discovery.k8s.io',
    kind: 'EndpointSlice',
    names: ['endpointslice', 'endpointslices'],
    judge: endpointSlice,
  },
  { group: 'networking.k8s.io', kind: 'Ingress', names: ['ingress', 'ingresses', 'ing'], judge: ingress },
  { group: 'route.openshift.io', kind: 'Route', names: ['route', 'routes'], judge: route },
  {
    group: GATEWAY_API,
    kind: 'GatewayClass',
    names: ['gatewayclass', 'gatewayclasses', 'gc'],
    judge: (object) => conditionsHold(object, ['Accepted']),
  },
  { group: GATEWAY_API, kind: 'Gateway', names: ['gateway', 'gateways', 'gtw'], judge: gateway },
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map((kind) => ({
    group: GATEWAY_API,
    kind,
    names: [kind.toLowerCase(), `${kind.toLowerCase()}s`],
    judge: attachedRoute,
  })),
];

function service(object: ApiObject): Readiness {
  if (object.spec?.['type'] !== 'LoadBalancer') return READY;
  return listAt(object.status, 'loadBalancer', 'ingress').length > 0
    ? READY
    : notReady('its load balancer has no address yet');
}

function endpoints(object: ApiObject): Readiness {
  const addresses = recordsAt(object, 'subsets').reduce((sum, subset) => sum + listAt(subset, 'addresses').length, 0);
  return addresses > 0 ? READY : notReady('no pod behind it is ready');
}

function endpointSlice(object: ApiObject): Readiness {
  const ready = recordsAt(object, 'endpoints').some(
    (endpoint) => recordAt(endpoint, 'conditions')?.['ready'] !== false,
  );
  return ready ? READY : notReady('no endpoint in it is ready');
}

function ingress(object: ApiObject): Readiness {
  return listAt(object.status, 'loadBalancer', 'ingress').length > 0
    ? READY
    : notReady('no ingress controller has given it an address');
}

function route(object: ApiObject): Readiness {
  const admitted = recordsAt(object.status, 'ingress')
    .flatMap((router) => recordsAt(router, 'conditions'))
    .filter((condition) => condition['type'] === 'Admitted');
  if (admitted.some((condition) => condition['status'] === 'True')) return READY;
  const [first] = admitted;
  return notReady(first === undefined ? 'no router has admitted it' : `not admitted: ${describeCondition(first)}`);
}

/** Istio's Gateways don't report whether a proxy has accepted them. */
function gateway(object: ApiObject): Readiness {
  const verdict = conditionsHold(object, ['Accepted', 'Programmed']);
  if (!verdict.ready) return verdict;
  const unfit = recordsAt(object.status, 'listeners')
    .flatMap((listener) => recordsAt(listener, 'conditions').map((condition) => ({ listener, condition })))
    .find(
      ({ condition }) =>
        ['Accepted', 'Programmed', 'ResolvedRefs'].includes(textAt(condition, 'type') ?? '') &&
        condition['status'] !== 'True',
    );
  return unfit === undefined
    ? READY
    : notReady(`listener ${textAt(unfit.listener, 'name')}: ${describeCondition(unfit.condition)}`);
}

/** Accepted by every Gateway that it names. */
function attachedRoute(object: ApiObject): Readiness {
  const wanted = listAt(object.spec, 'parentRefs').length;
  const parents = recordsAt(object.status, 'parents');
  if (wanted === 0) return notReady('names no Gateway');
  if (parents.length < wanted) return notReady(`${parents.length} of ${wanted} parents have accepted it`);
  return allOf(
    ...parents.map((parent) => {
      const conditions = recordsAt(parent, 'conditions');
      const generation = object.metadata.generation ?? 0;
      const old = conditions.find(
        (condition) => (numberAt(condition, 'observedGeneration') ?? generation) < generation,
      );
      if (old !== undefined)
        return notReady(`its parent has seen generation ${numberAt(old, 'observedGeneration')} of ${generation}`);
      return allOf(
        ...['Accepted', 'ResolvedRefs'].map((type) => {
          const condition = conditions.find((candidate) => candidate['type'] === type);
          if (condition === undefined) return notReady(`has no condition ${type} yet`);
          return condition['status'] === 'True' ? READY : notReady(describeCondition(condition));
        }),
      );
    }),
  );
}

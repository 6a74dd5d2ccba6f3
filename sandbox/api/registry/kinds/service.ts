import { fields, items, text } from '../../../../model/fields.ts';
import type { FieldSupport } from '../../../fields/support.ts';
import { dropFieldsOfOldType } from '../../defaults/service-type.ts';
import { defaultService, ServiceAllocator } from '../../defaults/services.ts';
import { ensure, equal } from '../../json.ts';
import type { ApiObject } from '../../types.ts';
import { label1035Problems } from '../../validation/names.ts';
import { serviceCauses } from '../../validation/services.ts';
import { builtinKind, STATUS } from '../builtin.ts';

const ONE_BALANCER = 'the load balancer of the sandbox gives each Service an address of the service network';
const ANY_POD = 'every connection goes to any ready pod, wherever it comes from';

const FIELDS: FieldSupport = {
  supported: [
    'spec.type',
    'spec.selector',
    'spec.clusterIP',
    'spec.clusterIPs',
    'spec.ports',
    'spec.externalName',
    'spec.publishNotReadyAddresses',
    'spec.allocateLoadBalancerNodePorts',
    'spec.sessionAffinity',
    'spec.externalIPs',
    'spec.internalTrafficPolicy',
    'spec.externalTrafficPolicy',
    'spec.ipFamilies[]=IPv4',
    'spec.ipFamilyPolicy=SingleStack',
    'spec.ipFamilyPolicy=PreferDualStack',
  ],
  unsupported: {
    'spec.ports[].protocol=SCTP': 'the network of the sandbox knows TCP and UDP',
    'spec.sessionAffinityConfig': 'a client stays with its pod for as long as that is there',
    'spec.trafficDistribution': ANY_POD,
    'spec.loadBalancerIP': ONE_BALANCER,
    'spec.loadBalancerClass': ONE_BALANCER,
    'spec.loadBalancerSourceRanges': ONE_BALANCER,
    'spec.healthCheckNodePort': ONE_BALANCER,
    'spec.ipFamilies': 'the network of the sandbox knows IPv4',
    'spec.ipFamilyPolicy': 'the network of the sandbox knows IPv4',
  },
  keys: [
    {
      at: 'metadata.annotations',
      domains: ['service.beta.kubernetes.io/', 'service.kubernetes.io/', 'cloud.google.com/', 'metallb.universe.tf/'],
      supported: [],
    },
  ],
};

export const SERVICE = builtinKind('', 'v1', 'Service', {
  short: ['svc'],
  all: true,
  sub: STATUS,
  fields: FIELDS,
  strategy: ({ store, serviceCidr }) => {
    const allocator = new ServiceAllocator(store, serviceCidr);
    return {
      createsOnUpdate: true,
      defaults: defaultService,
      prepareCreate: (object) => {
        object['status'] = { loadBalancer: {} };
        allocator.requireFamilies(object, undefined);
        if (serviceCauses(object, undefined).length === 0) allocator.allocate(object, undefined);
      },
      prepareUpdate: (object, old) => {
        dropFieldsOfOldType(object, old);
        followClusterIP(object, old);
        allocator.requireFamilies(object, old);
        if (serviceCauses(object, old).length === 0) allocator.allocate(object, old);
      },
      validate: serviceCauses,
      nameProblems: label1035Problems,
    };
  },
});

/** A change of `clusterIP` alone also updates `clusterIPs` (pkg/registry/core/service, `normalizeClusterIPs`). */
function followClusterIP(service: ApiObject, old: ApiObject): void {
  const [spec, before] = [ensure(service, 'spec'), fields(old['spec'])];
  const { clusterIP, clusterIPs } = spec;
  if (text(clusterIP) === '' || clusterIP === before['clusterIP'] || !equal(clusterIPs, before['clusterIPs'])) return;
  spec['clusterIPs'] = [clusterIP, ...items(clusterIPs).slice(1)];
}

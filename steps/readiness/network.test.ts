/** Existence is not readiness: storage, Services, Ingresses, Routes and the Gateway API. */
import { conditions, phase, testReadiness } from './testing.ts';

testReadiness({
  PersistentVolumeClaim: [
    [phase('Pending'), 'phase is Pending'],
    [phase('Lost'), 'failed: phase is Lost'],
    [phase('Bound'), 'ready'],
  ],
  PersistentVolume: [
    [phase('Released'), 'phase is Released'],
    [phase('Available'), 'ready'],
  ],
  Service: [
    [{ spec: { type: 'LoadBalancer' }, status: { loadBalancer: {} } }, 'its load balancer has no address yet'],
    [{ spec: { type: 'ClusterIP' } }, 'ready'],
  ],
  Endpoints: [
    [{ subsets: [{ notReadyAddresses: [{ ip: '10.0.0.1' }] }] }, 'no pod behind it is ready'],
    [{ subsets: [{ addresses: [{ ip: '10.0.0.1' }] }] }, 'ready'],
  ],
  'networking.k8s.io/Ingress': [
    [{ status: { loadBalancer: {} } }, 'no ingress controller has given it an address'],
    [{ status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } } }, 'ready'],
  ],
  'route.openshift.io/Route': [
    [{ status: {} }, 'no router has admitted it'],
    [
      { status: { ingress: [{ conditions: [{ type: 'Admitted', status: 'False', reason: 'HostAlreadyClaimed' }] }] } },
      'not admitted: Admitted=False (HostAlreadyClaimed)',
    ],
    [{ status: { ingress: [{ conditions: [{ type: 'Admitted', status: 'True' }] }] } }, 'ready'],
  ],
  'gateway.networking.k8s.io/Gateway': [
    [conditions('Accepted', 'Programmed False AddressNotAssigned'), 'Programmed=False (AddressNotAssigned)'],
    [
      {
        status: {
          ...conditions('Accepted', 'Programmed').status,
          listeners: [{ name: 'http', conditions: [{ type: 'ResolvedRefs', status: 'False' }] }],
        },
      },
      'listener http: ResolvedRefs=False',
    ],
    [conditions('Accepted', 'Programmed'), 'ready'],
  ],
  'gateway.networking.k8s.io/HTTPRoute': [
    [
      { spec: { parentRefs: [{ name: 'a' }, { name: 'b' }] }, status: { parents: [{}] } },
      '1 of 2 parents have accepted it',
    ],
    [
      {
        spec: { parentRefs: [{ name: 'a' }] },
        status: {
          parents: [
            {
              conditions: [
                { type: 'Accepted', status: 'True' },
                { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' },
              ],
            },
          ],
        },
      },
      'ResolvedRefs=False (BackendNotFound)',
    ],
    [
      {
        spec: { parentRefs: [{ name: 'a' }] },
        status: {
          parents: [
            {
              conditions: [
                { type: 'Accepted', status: 'True' },
                { type: 'ResolvedRefs', status: 'True' },
              ],
            },
          ],
        },
      },
      'ready',
    ],
  ],
});

import assert from 'node:assert/strict';
import test from 'node:test';
import type { KubeGateway } from '../model/gateway-api.ts';
import type { Endpoints, Service } from '../model/kubernetes.ts';
import { reachable } from './addresses.ts';

const HOST = 'gate-istio.shop.svc.cluster.local';
const gateway: KubeGateway = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'gate', namespace: 'shop' },
  spec: { gatewayClassName: 'istio', listeners: [{ name: 'web', port: 80, protocol: 'HTTP' }] },
};
const metadata = { name: 'gate-istio', namespace: 'shop' };
const endpoints: Endpoints = {
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata,
  subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }],
};
const service = (type: string, ingress: { ip: string }[] = []): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata,
  spec: { type, ports: [{ port: 80 }] },
  status: { loadBalancer: { ingress } },
});

test('a Gateway waits for its Service, for a pod behind it, and for the load balancer', () => {
  const said = (found?: { service: Service; endpoints: Endpoints | undefined }): string | undefined => {
    const { problem } = reachable(gateway, () => found).programmed;
    return problem && `${problem.reason}: ${problem.message}`;
  };
  const failed = 'Failed to assign to any requested addresses';
  assert.equal(said(), `AddressNotUsable: ${failed}: hostname "${HOST}" not found`);
  assert.equal(
    said({ service: service('ClusterIP'), endpoints: undefined }),
    `AddressNotAssigned: ${failed}: no instances found for hostname "${HOST}"`,
  );
  assert.equal(
    said({ service: service('LoadBalancer'), endpoints }),
    `AddressNotAssigned: Assigned to service(s) ${HOST}:80, but failed to assign to all requested addresses: address pending for hostname "${HOST}"`,
  );
});

test('its address is the load balancer’s, or else the name of the Service', () => {
  const addresses = (of: Service) => reachable(gateway, () => ({ service: of, endpoints })).addresses;
  assert.deepEqual(addresses(service('LoadBalancer', [{ ip: '172.30.255.1' }])), [
    { type: 'IPAddress', value: '172.30.255.1' },
  ]);
  assert.deepEqual(addresses(service('ClusterIP')), [{ type: 'Hostname', value: HOST }]);
});

/** Services as nftables rules in the kernel. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoints, Service } from './kinds.ts';
import { serviceTable } from './services.ts';

const NODES = [
  { name: 'worker-0', address: '10.0.128.10', podCidr: '10.128.0.0/23' },
  { name: 'worker-1', address: '10.0.128.11', podCidr: '10.128.2.0/23' },
];
const metadata = { name: 'web', namespace: 'shop' };
const PORT = { name: 'http', port: 80, protocol: 'TCP' };

function linesOf(
  spec: Partial<Service['spec']>,
  addresses: readonly string[] = ['10.128.0.5', '10.128.2.6'],
): string[] {
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { clusterIP: '172.30.5.5', ports: [PORT], ...spec },
  };
  const endpoints: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata,
    subsets: [
      {
        addresses: addresses.map((ip) => ({ ip, nodeName: ip.startsWith('10.128.0.') ? 'worker-0' : 'worker-1' })),
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      },
    ],
  };
  const table = serviceTable([service], [endpoints], NODES, '172.30.0.0/16');
  return (/chain translate \{\n([\s\S]*?)\n? {2}\}/.exec(table)?.[1] ?? '').split('\n').map((line) => line.trim());
}

test('connections go to a pod at random', () => {
  assert.deepEqual(linesOf({}), [
    'ip daddr 172.30.5.5 tcp dport 80 dnat ip to numgen random mod 2 map { 0 : 10.128.0.5 . 8080, 1 : 10.128.2.6 . 8080 }',
  ]);
});

test('a port is served only by the endpoint with the same name and protocol', () => {
  assert.deepEqual(linesOf({ ports: [{ name: 'metrics', port: 90, protocol: 'TCP' }] }), ['']);
  assert.deepEqual(linesOf({ ports: [{ name: 'http', port: 80, protocol: 'UDP' }] }), ['']);
});

test('external addresses and node ports reach the pods too', () => {
  assert.deepEqual(
    linesOf({ externalIPs: ['192.0.2.7'], ports: [{ ...PORT, nodePort: 30_080 }] }, ['10.128.0.5']).slice(1),
    [
      'ip daddr 192.0.2.7 tcp dport 80 dnat to 10.128.0.5:8080',
      'ip daddr 10.0.128.10 tcp dport 30080 dnat to 10.128.0.5:8080',
      'ip daddr 10.0.128.11 tcp dport 30080 dnat to 10.128.0.5:8080',
    ],
  );
});

test('with the policy Local, traffic stays on its node and is dropped if the node has no pod', () => {
  assert.deepEqual(linesOf({ internalTrafficPolicy: 'Local' }, ['10.128.0.5']), [
    'ip saddr 10.128.0.0/23 ip daddr 172.30.5.5 tcp dport 80 dnat to 10.128.0.5:8080',
    'ip saddr 10.128.2.0/23 ip daddr 172.30.5.5 tcp dport 80 drop',
  ]);
  const ports = [{ ...PORT, nodePort: 30_080 }];
  assert.deepEqual(linesOf({ externalTrafficPolicy: 'Local', ports }, ['10.128.0.5']).slice(1), [
    'ip daddr 10.0.128.10 tcp dport 30080 dnat to 10.128.0.5:8080',
    'ip daddr 10.0.128.11 tcp dport 30080 drop',
  ]);
});

test('with ClientIP the client’s address decides, and a client keeps its pod when another pod is removed', () => {
  const owners = (addresses: readonly string[]): string[] => {
    const [line = ''] = linesOf({ sessionAffinity: 'ClientIP' }, addresses);
    assert.match(line, /jhash ip saddr mod 64/);
    return [...line.matchAll(/\d+ : (\S+) \./g)].map((match) => match[1] ?? '');
  };
  const three = owners(['10.128.0.5', '10.128.0.6', '10.128.0.7']);
  const two = owners(['10.128.0.5', '10.128.0.7']);
  for (const ip of ['10.128.0.5', '10.128.0.6', '10.128.0.7'])
    assert.ok(three.filter((one) => one === ip).length > 10, `${ip} has its share of ${three.length} slots`);
  assert.deepEqual(
    two.filter((_, slot) => three[slot] !== '10.128.0.6'),
    three.filter((one) => one !== '10.128.0.6'),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from './kinds.ts';
import { policyTable } from './policies.ts';
import type { NetworkPolicy } from './policy-rules.ts';

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [{ name: 'web', image: 'web' }] },
  status: { podIP: '10.128.0.5' },
};

function policy(ingress: NonNullable<NetworkPolicy['spec']['ingress']>): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'one', namespace: 'shop' },
    spec: { podSelector: {}, ingress },
  };
}

test('an unknown port name allows nothing and does not affect other policies', () => {
  const table = policyTable([policy([{ ports: [{ port: 'nobody' }, { port: 8080 }] }])], {
    pods: [pod],
    namespaces: [],
    dns: '172.30.0.10',
  });
  assert.doesNotMatch(table, /nobody/);
  assert.match(table, /tcp dport 8080 accept/);
});

test('an empty list of ports allows every port', () => {
  assert.match(
    policyTable([policy([{ ports: [] }])], { pods: [pod], namespaces: [], dns: '172.30.0.10' }),
    /chain ingress_10_128_0_5 \{\n {4}accept\n/,
  );
});

test('a rule for the DNS namespaces reaches the DNS server, on the port of its pods too', () => {
  const one = policy([]);
  const egress = [{ to: [{ namespaceSelector: {} }], ports: [{ port: 5353, protocol: 'UDP' }] }];
  const sending = { ...one, spec: { podSelector: {}, policyTypes: ['Egress'], egress } };
  const table = policyTable([sending], { pods: [pod], namespaces: [], dns: '172.30.0.10' });
  assert.match(table, /ip daddr 172\.30\.0\.10 udp dport 53 accept/);
});

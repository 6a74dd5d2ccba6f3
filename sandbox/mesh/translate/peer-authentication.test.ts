import assert from 'node:assert/strict';
import test from 'node:test';
import { meshOf } from '../model/push-context.ts';
import type { MtlsMode, PeerAuthentication, Pod } from '../model/virtual-service.ts';
import { orchard } from '../testing/orchard.ts';
import { mtlsMode } from './peer-authentication.ts';

const ROOT = 'control';

function rule(namespace: string, mode: MtlsMode, more: { app?: string; port?: MtlsMode; age?: number } = {}) {
  const { app, port, age = 1 } = more;
  return {
    apiVersion: 'security.istio.io/v1beta1',
    kind: 'PeerAuthentication',
    metadata: {
      name: `rule-${mode}-${age}`,
      namespace,
      creationTimestamp: new Date(2026, 1, 30 - age).toISOString(),
    },
    spec: {
      mtls: { mode },
      ...(app === undefined ? {} : { selector: { matchLabels: { app } } }),
      ...(port === undefined ? {} : { portLevelMtls: { 8080: { mode: port } } }),
    },
  };
}

function mode(rules: readonly PeerAuthentication[], port = 8080, namespace = 'shop'): string {
  const empty = orchard({ apps: [], port: 1, routes: [], policy: {} });
  const member = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop', labels: { 'maistra.io/member-of': ROOT } },
  };
  const world = meshOf({ ...empty, root: ROOT, namespaces: [member], peerAuthentications: rules });
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace, labels: { app: 'web' } },
    spec: { containers: [] },
  };
  return mtlsMode(world, pod, port);
}

test('without a rule both are let in', () => assert.equal(mode([]), 'PERMISSIVE'));

test('a namespace’s rule beats the mesh’s, a workload’s the namespace’s, a port’s the workload’s', () => {
  const mesh = rule(ROOT, 'STRICT');
  const namespace = rule('shop', 'DISABLE');
  const workload = rule('shop', 'PERMISSIVE', { app: 'web', port: 'STRICT' });
  assert.equal(mode([mesh]), 'STRICT');
  assert.equal(mode([mesh, namespace]), 'DISABLE');
  assert.equal(mode([mesh, namespace, workload], 9090), 'PERMISSIVE');
  assert.equal(mode([mesh, namespace, workload], 8080), 'STRICT');
});

test('UNSET asks the next wider rule', () => {
  const unset = rule('shop', 'UNSET', { app: 'web', port: 'UNSET' });
  assert.equal(mode([rule(ROOT, 'STRICT'), rule('shop', 'UNSET'), unset]), 'STRICT');
});

test('of two rules for the same the oldest wins, whatever the order they come in', () => {
  const [older, younger] = [rule('shop', 'STRICT', { age: 9 }), rule('shop', 'DISABLE', { age: 2 })];
  assert.equal(mode([older, younger]), 'STRICT');
  assert.equal(mode([younger, older]), 'STRICT');
});

test('other labels, other namespaces and selectors of the root namespace select nobody', () => {
  assert.equal(mode([rule('shop', 'STRICT', { app: 'other' }), rule('elsewhere', 'STRICT')]), 'PERMISSIVE');
  assert.equal(mode([rule(ROOT, 'STRICT', { app: 'web' })]), 'PERMISSIVE');
  assert.equal(mode([rule(ROOT, 'STRICT', { app: 'web' })], 8080, ROOT), 'PERMISSIVE');
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { pushOf } from '../testing/push.ts';
import { type MtlsMode, mtlsMode, type PeerAuthentication } from './peer-authentication.ts';

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
  const push = pushOf(ROOT, rules, ['elsewhere']);
  return mtlsMode(push, { namespace, labels: { app: 'web' } }, port);
}

test('without a rule, plaintext and mutual TLS are accepted', () => assert.equal(mode([]), 'PERMISSIVE'));

test('a namespace’s rule overrides the mesh’s, a workload’s the namespace’s, a port’s the workload’s', () => {
  const mesh = rule(ROOT, 'STRICT');
  const namespace = rule('shop', 'DISABLE');
  const workload = rule('shop', 'PERMISSIVE', { app: 'web', port: 'STRICT' });
  assert.equal(mode([mesh]), 'STRICT');
  assert.equal(mode([mesh, namespace]), 'DISABLE');
  assert.equal(mode([mesh, namespace, workload], 9090), 'PERMISSIVE');
  assert.equal(mode([mesh, namespace, workload], 8080), 'STRICT');
});

test('UNSET inherits from the next wider rule', () => {
  const unset = rule('shop', 'UNSET', { app: 'web', port: 'UNSET' });
  assert.equal(mode([rule(ROOT, 'STRICT'), rule('shop', 'UNSET'), unset]), 'STRICT');
});

test('of two rules for the same target the oldest wins, in any order', () => {
  const [older, younger] = [rule('shop', 'STRICT', { age: 9 }), rule('shop', 'DISABLE', { age: 2 })];
  assert.equal(mode([older, younger]), 'STRICT');
  assert.equal(mode([younger, older]), 'STRICT');
});

test('rules with other labels, of other namespaces, and with selectors in the root namespace select nothing', () => {
  assert.equal(mode([rule('shop', 'STRICT', { app: 'other' }), rule('elsewhere', 'STRICT')]), 'PERMISSIVE');
  assert.equal(mode([rule(ROOT, 'STRICT', { app: 'web' })]), 'PERMISSIVE');
  assert.equal(mode([rule(ROOT, 'STRICT', { app: 'web' })], 8080, ROOT), 'PERMISSIVE');
});

import assert from 'node:assert/strict';
import test from 'node:test';
import type { DestinationRule } from './destination-rule.ts';
import { DestinationRules } from './destination-rules.ts';
import { istioRelease } from './release.ts';

const ROOT = 'control';
const WEB = 'web.shop.svc.cluster.local';
const CLIENT = { namespace: 'front', labels: {} };
const CURRENT = istioRelease('3.0');

/** @param key `namespace/name`. */
function rule(key: string, host: string, more: Partial<DestinationRule['spec']> = {}): DestinationRule {
  const [namespace = '', name = ''] = key.split('/');
  return { apiVersion: 'x/v1', kind: 'DestinationRule', metadata: { name, namespace }, spec: { host, ...more } };
}

function found(rules: readonly DestinationRule[], from: string, host = WEB): string | undefined {
  const one = new DestinationRules(ROOT, rules, CURRENT).find(host, 'shop', { namespace: from, labels: {} });
  return one === undefined ? undefined : `${one.metadata.namespace}/${one.metadata.name}`;
}

test('rules are looked up in the client’s namespace, then the service’s, then the root namespace', () => {
  const [client, service, root] = [rule('front/a', WEB), rule('shop/b', WEB), rule(`${ROOT}/c`, WEB)];
  assert.equal(found([root, service, client], 'front'), 'front/a');
  assert.equal(found([root, service], 'front'), 'shop/b');
  assert.equal(found([root], 'front'), `${ROOT}/c`);
  assert.equal(found([rule('elsewhere/d', WEB)], 'front'), undefined);
});

test('a catch-all rule in the root namespace does not hide a service’s own rule from a gateway there', () => {
  const all = rule(`${ROOT}/default`, '*.local');
  assert.equal(found([all, rule('shop/b', 'web')], ROOT), 'shop/b');
  assert.equal(found([all], ROOT), `${ROOT}/default`);
  assert.equal(
    found([rule(`${ROOT}/own`, '*.local', { exportTo: ['.'] }), rule('shop/b', 'web')], ROOT),
    `${ROOT}/own`,
  );
});

test('within a namespace the most specific host wins, in any order', () => {
  const rules = [rule('shop/all', '*.local'), rule('shop/mine', '*.shop.svc.cluster.local'), rule('shop/web', 'web')];
  assert.equal(found(rules, 'shop'), 'shop/web');
  assert.equal(found(rules, 'shop', 'other.shop.svc.cluster.local'), 'shop/mine');
  assert.equal(found(rules, 'shop', 'other.front.svc.cluster.local'), 'shop/all');
});

test('a rule applies where it is exported to', () => {
  assert.equal(found([rule('shop/b', WEB, { exportTo: ['.'] })], 'front'), undefined);
  assert.equal(found([rule('shop/b', WEB, { exportTo: ['.'] })], 'shop'), 'shop/b');
  assert.equal(found([rule('shop/b', WEB, { exportTo: ['front'] })], 'front'), 'shop/b');
  assert.equal(found([rule('shop/b', WEB, { exportTo: ['front'] })], 'back'), undefined);
  assert.equal(found([rule('shop/b', WEB, { exportTo: ['shop', 'front'] })], 'front'), 'shop/b');
});

test('rules for one host combine their subsets; the first traffic policy is used', () => {
  const first = rule('shop/b', 'web', { subsets: [{ name: 'v1', labels: { version: '1' } }] });
  const policy = { loadBalancer: { simple: 'RANDOM' } };
  const second = rule('shop/c', WEB, {
    subsets: [{ name: 'v1', labels: { version: 'other' } }, { name: 'v2' }],
    trafficPolicy: policy,
  });
  const third = rule('shop/d', WEB, { trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } });
  const merged = new DestinationRules(ROOT, [first, second, third], CURRENT).find(WEB, 'shop', CLIENT);
  assert.deepEqual(merged?.spec.subsets, [{ name: 'v1', labels: { version: '1' } }, { name: 'v2' }]);
  assert.deepEqual(merged?.spec.trafficPolicy, policy);
});

test('a rule for one host does not take subsets from a rule that is exported elsewhere, until Istio 1.23 it does', () => {
  const own = rule('shop/b', WEB, { exportTo: ['.'], subsets: [{ name: 'v1' }] });
  const others = rule('shop/c', WEB, { subsets: [{ name: 'v2' }] });
  const subsets = (version: string, namespace: string): readonly string[] | undefined =>
    new DestinationRules(ROOT, [own, others], istioRelease(version))
      .find(WEB, 'shop', { namespace, labels: {} })
      ?.spec.subsets?.map(({ name }) => name);
  assert.deepEqual(subsets('2.6', 'shop'), ['v1', 'v2']);
  assert.deepEqual(subsets('3.0', 'shop'), ['v2']);
  assert.deepEqual(subsets('3.0', 'front'), ['v2']);
});

test('a rule with a selector applies to the clients of its namespace that it selects', () => {
  const selector = { workloadSelector: { matchLabels: { tier: 'front' } } };
  const rules = [rule('shop/all', WEB), rule('shop/some', WEB, selector)];
  const asked = (labels: Readonly<Record<string, string>>, namespace = 'shop', version = '3.0'): string | undefined =>
    new DestinationRules(ROOT, rules, istioRelease(version)).find(WEB, 'shop', { namespace, labels })?.metadata.name;
  assert.equal(asked({ tier: 'front', app: 'x' }), 'some');
  assert.equal(asked({ tier: 'back' }), 'all');
  assert.equal(asked({ tier: 'front' }, 'front'), 'all');
  // Istio 1.6 does not know the field: both rules are for all clients, and the older comes first.
  assert.equal(asked({ tier: 'front' }, 'shop', '2.0'), 'all');
});

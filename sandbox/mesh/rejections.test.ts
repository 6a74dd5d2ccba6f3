import assert from 'node:assert/strict';
import test from 'node:test';
import type { KubeObject } from '../client/client.ts';
import { Rejections } from './rejections.ts';

const PROXY = 'router~1';
const rule = (name: string, generation = 1): KubeObject => ({
  apiVersion: 'x/v1',
  kind: 'VirtualService',
  metadata: { name, namespace: 'shop', generation },
});
const named = (count: number): readonly KubeObject[] => Array.from({ length: count }, (_, index) => rule(`r${index}`));

/** Sends rules to a proxy that refuses all when one of some names is among them. @returns how often it was sent something. */
function send(rejections: Rejections, rules: readonly KubeObject[], bad: readonly string[], always = false): number {
  for (let sent = 1; ; sent += 1) {
    assert.ok(sent < 200, 'the search does not end');
    const trial = rejections.trial(PROXY) ?? (() => true);
    const now = rules.filter((one) => !rejections.isRejected(one) && trial(one));
    rejections.sent(PROXY, () => now);
    const refused = always || now.some(({ metadata }) => bad.includes(metadata.name));
    if (rejections.answered(PROXY, refused ? 'no such thing' : undefined) === 'nothing') return sent;
  }
}

const rejected = (rejections: Rejections, rules: readonly KubeObject[]): readonly string[] =>
  rules.filter((one) => rejections.isRejected(one)).map(({ metadata }) => metadata.name);

test('what a proxy takes stays; of what is new the rule that it refuses is found and left out', () => {
  const rejections = new Rejections(() => undefined);
  const rules = named(8);
  assert.equal(send(rejections, rules, []), 1);
  const more = [...rules, rule('bad'), rule('good')];
  send(rejections, more, ['bad']);
  assert.deepEqual(rejected(rejections, more), ['bad']);
  assert.equal(rejections.reason(rule('bad')), 'no such thing');
});

test('several of many are found in few turns, also at a proxy that has taken nothing yet', () => {
  const rejections = new Rejections(() => undefined);
  const rules = named(100);
  const turns = send(rejections, rules, ['r3', 'r50', 'r51']);
  assert.deepEqual(rejected(rejections, rules), ['r3', 'r50', 'r51']);
  assert.ok(turns < 60, `${turns} turns`);
});

test('a rule that is changed is looked at anew', () => {
  const rejections = new Rejections(() => undefined);
  send(rejections, [rule('a'), rule('bad')], ['bad']);
  assert.equal(rejections.isRejected(rule('bad', 1)), true);
  assert.equal(rejections.isRejected(rule('bad', 2)), false);
});

test('what is no rule’s fault leaves no rule out', () => {
  const logged: string[] = [];
  const rejections = new Rejections((message) => logged.push(message));
  const rules = named(5);
  send(rejections, rules, [], true);
  assert.deepEqual(rejected(rejections, rules), []);
  assert.match(logged.join(), /no rule is to blame/);
});

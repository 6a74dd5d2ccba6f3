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

type Refuses = (names: readonly string[]) => boolean;

/** Sends rules to a proxy that refuses them all if a bad one is among them. @returns how many times rules were sent. */
function send(rejections: Rejections, rules: readonly KubeObject[], bad: readonly string[] | Refuses): number {
  const refuses: Refuses = typeof bad === 'function' ? bad : (names) => names.some((name) => bad.includes(name));
  rejections.reconsider(() => rules);
  for (let sent = 1; ; sent += 1) {
    assert.ok(sent < 200, 'the search does not end');
    const trial = rejections.trial(PROXY) ?? (() => true);
    const now = rules.filter((one) => !rejections.isRejected(one) && trial(one));
    rejections.sent(PROXY, () => now);
    const refused = refuses(now.map(({ metadata }) => metadata.name));
    if (rejections.answered(PROXY, refused ? 'no such thing' : undefined) === 'nothing') return sent;
  }
}

const rejected = (rejections: Rejections, rules: readonly KubeObject[]): readonly string[] =>
  rules.filter((one) => rejections.isRejected(one)).map(({ metadata }) => metadata.name);

test('accepted rules are kept; among new ones the rejected rule is found and left out', () => {
  const rejections = new Rejections(() => undefined);
  const rules = named(8);
  assert.equal(send(rejections, rules, []), 1);
  const more = [...rules, rule('bad'), rule('good')];
  send(rejections, more, ['bad']);
  assert.deepEqual(rejected(rejections, more), ['bad']);
  assert.equal(rejections.reason(rule('bad')), 'no such thing');
});

test('several rejected rules among many are found in few attempts, even with a new proxy', () => {
  const rejections = new Rejections(() => undefined);
  const rules = named(100);
  const turns = send(rejections, rules, ['r3', 'r50', 'r51']);
  assert.deepEqual(rejected(rejections, rules), ['r3', 'r50', 'r51']);
  assert.ok(turns < 60, `${turns} turns`);
});

test('a changed rule is tried again', () => {
  const rejections = new Rejections(() => undefined);
  send(rejections, [rule('a'), rule('bad')], ['bad']);
  assert.equal(rejections.isRejected(rule('bad', 1)), true);
  assert.equal(rejections.isRejected(rule('bad', 2)), false);
});

test('a rejection that no rule causes leaves no rule out', () => {
  const logged: string[] = [];
  const rejections = new Rejections((message) => logged.push(message));
  const rules = named(5);
  send(rejections, rules, () => true);
  assert.deepEqual(rejected(rejections, rules), []);
  assert.match(logged.join(), /no rule is to blame/);
});

test('a corrected rule is tried again, and so is a new one with the name of a refused one', () => {
  const rejections = new Rejections(() => undefined);
  const others = named(3);
  send(rejections, [...others, rule('bad')], ['bad']);
  const mended = [...others, rule('bad', 2)];
  send(rejections, mended, []);
  assert.deepEqual(rejected(rejections, mended), []);
  send(rejections, [...others, rule('bad', 3)], ['bad']);
  send(rejections, others, []);
  const again = { ...rule('bad', 1), metadata: { ...rule('bad', 1).metadata, uid: 'another' } };
  send(rejections, [...others, again], []);
  assert.deepEqual(rejected(rejections, [...others, again]), []);
});

test('a rule that conflicts with another is tried again when that one is removed; until then its reason is kept', () => {
  const rejections = new Rejections(() => undefined);
  const quarrel: Refuses = (names) => names.includes('first') && names.includes('second');
  send(rejections, [rule('first')], quarrel);
  const both = [rule('first'), rule('second')];
  send(rejections, both, quarrel);
  assert.deepEqual(rejected(rejections, both), ['second']);
  send(rejections, [...both, rule('third')], quarrel);
  assert.deepEqual(rejected(rejections, both), ['second'], 'one more changes nothing');
  rejections.reconsider(() => [rule('second'), rule('third')]);
  assert.equal(rejections.isRejected(rule('second')), false);
  assert.equal(rejections.reason(rule('second')), 'no such thing');
  send(rejections, [rule('second'), rule('third')], quarrel);
  assert.equal(rejections.reason(rule('second')), undefined);
});

test('a proxy that disconnects during a search does not delay the others', () => {
  const rejections = new Rejections(() => undefined);
  rejections.sent(PROXY, () => named(4));
  assert.equal(rejections.answered(PROXY, 'no such thing'), 'try');
  assert.notEqual(rejections.trial(PROXY), undefined);
  rejections.forget(PROXY);
  assert.equal(rejections.trial(PROXY), undefined);
  send(rejections, named(4), ['r2']);
  assert.deepEqual(rejected(rejections, named(4)), ['r2']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LabelSelector, matches } from './selector.ts';

const LABELS = { app: 'a', tier: 'web' };

test('an empty selector matches everything, an absent one nothing', () => {
  assert.equal(matches({}, LABELS), true);
  assert.equal(matches({}, undefined), true);
  assert.equal(matches(undefined, LABELS), false);
});

test('labels and expressions must all hold', () => {
  const selectors: readonly (readonly [LabelSelector, boolean])[] = [
    [{ matchLabels: { app: 'a' } }, true],
    [{ matchLabels: { app: 'b' } }, false],
    [{ matchLabels: { app: 'a', other: 'x' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] }, true],
    [{ matchExpressions: [{ key: 'none', operator: 'In', values: ['a'] }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] }, false],
    [{ matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['a'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'none', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'none', operator: 'DoesNotExist' }] }, true],
    [{ matchLabels: { app: 'a' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
  ];
  for (const [selector, expected] of selectors)
    assert.equal(matches(selector, LABELS), expected, JSON.stringify(selector));
});

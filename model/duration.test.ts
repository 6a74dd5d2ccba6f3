import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, formatSeconds, parseDuration, writeDuration } from './duration.ts';

test('a duration in a lab is parsed and formatted again', () => {
  for (const [text, ms] of [
    ['500ms', 500],
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['1m1s1ms', 61_001],
  ] as const) {
    assert.equal(parseDuration(text), ms);
    assert.equal(writeDuration(ms), text);
  }
  assert.equal(parseDuration('1.5s'), 1_500);
  assert.equal(writeDuration(0), '0s');
});

test('text that is not a duration is rejected', () => {
  for (const text of ['', '5', 's', '-5s', '5 s', '5d', '1s extra']) assert.equal(parseDuration(text), undefined, text);
});

test('messages show limits in seconds, reports show how long something took', () => {
  assert.deepEqual([50, 500, 1_000, 90_040, 300_000].map(formatSeconds), ['0.05 s', '0.5 s', '1 s', '90 s', '300 s']);
  assert.deepEqual([0.4, 840, 994, 996, 12_340, 59_960, 125_000, 3_599_600, 3_660_000].map(formatDuration), [
    '0 ms',
    '840 ms',
    '994 ms',
    '1.0 s',
    '12.3 s',
    '1 min 00 s',
    '2 min 05 s',
    '1 h 00 min',
    '1 h 01 min',
  ]);
});

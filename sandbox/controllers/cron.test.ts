import assert from 'node:assert/strict';
import test from 'node:test';
import { nextAfter, parseSchedule } from './cron.ts';

const next = (schedule: string, after: string, zone?: string): string =>
  new Date(nextAfter(parseSchedule(schedule), Date.parse(after), zone) ?? 0).toISOString().slice(0, 16);

test('the next time is a later minute, even if the current one matches', () => {
  assert.equal(next('* * * * *', '2026-03-01T10:00:00Z'), '2026-03-01T10:01');
  assert.equal(next('*/15 9-17 * * mon-fri', '2026-03-06T17:45:00Z'), '2026-03-09T09:00');
  assert.equal(next('@monthly', '2026-12-05T00:00:00Z'), '2027-01-01T00:00');
});

test('with both days restricted either matches, with one that one must match, and 7 is Sunday', () => {
  assert.equal(next('0 0 13 * fri', '2026-03-01T00:00:00Z'), '2026-03-06T00:00');
  assert.equal(next('0 0 29 2 *', '2026-03-01T00:00:00Z'), '2028-02-29T00:00');
  assert.equal(next('0 0 * * 7', '2026-03-02T00:00:00Z'), '2026-03-08T00:00');
});

test('a time zone is followed across the change to summer time', () => {
  assert.equal(next('30 8 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin'), '2026-03-29T06:30');
  assert.equal(next('30 2 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin'), '2026-03-30T00:30');
});

test('an invalid schedule is refused', () => {
  for (const text of ['* * * *', '60 * * * *', '5-1 * * * *', '*/0 * * * *', 'x * * * *', '* * * * * *'])
    assert.throws(() => parseSchedule(text), Error);
  assert.equal(nextAfter(parseSchedule('0 0 30 2 *'), 0), undefined);
});

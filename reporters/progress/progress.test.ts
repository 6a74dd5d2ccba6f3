import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { failingRun } from '../../test/report-samples/runs.ts';
import { codeFrame, failureText } from './failure-text.ts';
import { cut, type Output, Screen } from './screen.ts';
import { styleFor } from './style.ts';
import { Tracker } from './tracker.ts';

function terminal(isTTY: boolean): Output & { text: string } {
  return {
    isTTY,
    columns: 40,
    text: '',
    write(chunk: string) {
      this.text += chunk;
      return true;
    },
  };
}

const failed = failingRun()
  .sections.flatMap((s) => s.exercises)
  .find((run) => run.status === 'failed');
const step = failed?.steps.at(-1);
assert.ok(failed && step);

test('on a terminal the block is redrawn in place, and lines are printed above it', () => {
  const output = terminal(true);
  const screen = new Screen(output, { TERM: 'xterm' });
  screen.draw(['Firefox  one', 'Chromium two']);
  screen.draw(['Firefox  three', 'Chromium four']);
  screen.print('finished');
  assert.ok(output.text.includes('\u001b[2A\rFirefox  three'));
  assert.ok(output.text.endsWith('\u001b[2A\r\u001b[Jfinished\n'));
});

test('elsewhere nothing is drawn', () => {
  const output = terminal(false);
  const screen = new Screen(output, { TERM: 'xterm' });
  screen.draw(['Firefox  one']);
  screen.print('finished');
  assert.equal(output.text, 'finished\n');
});

test('a line never wraps, since a wrapped line could not be drawn over', () => {
  assert.equal(cut('abcdef', 4), 'abc…');
  assert.equal(cut('\u001b[31mabc\u001b[39m', 4), '\u001b[31mabc\u001b[39m');
});

test('colour is used only on a terminal, and never with NO_COLOR', () => {
  assert.equal(styleFor({ isTTY: true }, {})('bad', 'x'), '\u001b[31mx\u001b[39m');
  assert.equal(styleFor({ isTTY: true }, { NO_COLOR: '1' })('bad', 'x'), 'x');
  assert.equal(styleFor({ isTTY: false }, {})('bad', 'x'), 'x');
});

test('the lines show the browser, how many exercises are done, the elapsed time, the section and the step', () => {
  const tracker = new Tracker();
  tracker.add('firefox', 'Firefox');
  tracker.add('firefox', 'Firefox');
  tracker.begin('firefox', '5 Traffic', 'Canary');
  tracker.step('firefox', 'oc replace -f x\n  -f y');
  assert.match(
    tracker.lines(Date.now() + 2000)[0] ?? '',
    /^Firefox {2}0\/2 {4}2\.0 s {2}5 Traffic: oc replace -f x {3}-f y$/,
  );
  assert.equal(tracker.long(Date.now(), 20_000).length, 0);
  assert.match(
    tracker.long(Date.now() + 30_000, 20_000)[0]?.text ?? '',
    /5 Traffic › Canary: oc replace .*\(30\.0 s so far\)/,
  );
  tracker.end('firefox');
  assert.match(tracker.lines(Date.now())[0] ?? '', /1\/2 {2}waiting/);
});

test('a failure shows the lines of the YAML around it, with its column marked', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lw-frame-'));
  const file = join(directory, '05-traffic.yaml');
  writeFileSync(file, 'one\ntwo\nthree\n  - four\nfive\nsix\nseven\neight\n');
  assert.equal(
    codeFrame({ file, line: 4, column: 5 }, step),
    '  1 | one\n  2 | two\n  3 | three\n> 4 |   - four\n    |     ^\n  5 | five\n  6 | six\n  7 | seven',
  );
  rmSync(directory, { recursive: true });
});

test('a failure whose file is not available shows the step’s own YAML, and ends with what to do', () => {
  const text = failureText(failed, (_, shown) => shown);
  assert.match(text, /\| browse: http:\/\/\$GUESTBOOK_ROUTE/);
  assert.match(text, /Expected: Guestbook - v2\n {4}Seen: {5}Guestbook - v1/);
  assert.match(text, /Next: Look at the match in virtualservice-test\.yaml/);
});

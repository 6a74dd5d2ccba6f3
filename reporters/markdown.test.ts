import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileRun, SECRETS } from '../test/report-samples/hostile.ts';
import { failingRun, passingRun } from '../test/report-samples/runs.ts';
import { markdown, refusalMarkdown, summaryMarkdown } from './markdown.ts';
import { judge } from './verdict.ts';

const summary = (run = failingRun(), links = {}) => summaryMarkdown(run, judge(run), links);

test('the first failure is shown with its position, its YAML, what was expected and seen, and what to do', () => {
  const text = summary();
  assert.match(text, /\*\*First failure\*\* \(Firefox\): section 5 › A\/B testing with Istio › .*05-traffic\.yaml:18/);
  assert.match(text, /```yaml\nbrowse: http:\/\/\$GUESTBOOK_ROUTE\n/);
  assert.match(text, /Expected: Guestbook - v2\nSeen: {5}Guestbook - v1/);
  assert.match(text, /^Next: Look at the match/m);
});

test('the run is linked to its page on the CI server, and only web pages become links', () => {
  assert.match(
    summary(passingRun(), { run: 'https://ci.example.com/runs/7' }),
    /\[This run\]\(<https:\/\/ci\.example\.com\/runs\/7>\)/,
  );
  for (const run of ['javascript:alert(1)', 'no address', 'file:///etc/passwd']) {
    assert.doesNotMatch(summary(passingRun(), { run }), /\]\(/);
  }
  assert.match(summary(passingRun(), { run: 'https://x.test/)>[a](b' }), /\]\(<https:\/\/x\.test\/\)%3E\[a\]\(b>\)/);
});

test('hostile text becomes neither markup, link nor mention, and can’t end a code block', () => {
  const text = summary(hostileRun());
  const outside = text.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '');
  assert.doesNotMatch(outside, /(?<!\\)<|(?<!\\)`/);
  assert.doesNotMatch(outside, /\bhttps?:\/\/|@(?!\u200b)/);
  for (const secret of SECRETS) assert.ok(!text.includes(secret), secret);
  assert.equal(
    markdown('- a\n# b | c <i> &lt; @you www.x.test'),
    '\u200b- a \\# b \\| c \\<i\\> &amp;lt; @\u200byou www\u200b.x.test',
  );
  const refused = refusalMarkdown('Lab', { message: 'x\n```\n# not a heading\n````\n', code: 'LW-X', next: undefined });
  assert.match(refused, /^`{5}\nx\n```\n# not a heading\n````\n`{5}$/m);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileRun, SECRETS } from '../../../test/report-samples/hostile.ts';
import { failingRun, passingRun } from '../../../test/report-samples/runs.ts';
import { parseHistory } from '../file.ts';
import { type HistoryRun, recordOf, refusalOf } from '../record.ts';
import { renderHistory } from './page.ts';

const facts = (id: string) => ({
  id,
  tool: { version: '0.1.0' },
  host: 'runner',
  lab: { commit: 'abcdef0123', content: 'd1' },
});
const page = (...runs: readonly HistoryRun[]) => renderHistory(parseHistory(runs.map((run) => JSON.stringify(run))));

/** A run in which every string is hostile; the keys of the format are kept. */
function poisoned(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => poisoned(each, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, poisoned(inner, name)]));
  }
  if (typeof value !== 'string' || ['id', 'startedAt', 'status', 'outcome', 'kind'].includes(key)) return value;
  return `${value}</script><script>alert(1)</script><img src=x onerror=alert(2)>"' onfocus=alert(3) autofocus \u2028<!--\u202e\u001b[31m`;
}

test('hostile strings anywhere in a history stay text', () => {
  const run = poisoned(recordOf(failingRun(), facts('a')));
  const hostile = {
    ...Object(run),
    link: 'javascript:alert(4)',
    context: '</title><svg onload=alert(5)>',
  } as HistoryRun;
  const html = page(hostile, recordOf(hostileRun(), facts('b')));
  assert.equal(html.split('</script>').length, html.split('<script').length, 'no script but the page’s own');
  assert.equal(html.match(/<script/g)?.length, 1 + (html.match(/<script type="application\/json">/g)?.length ?? 0));
  const markup = html.replace(/<script[\s\S]*?<\/script>/g, '');
  assert.doesNotMatch(markup, /<(?:img|iframe|object|link|base|form)\b/);
  assert.doesNotMatch(markup, /<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/i, 'no event handler inside a tag');
  assert.doesNotMatch(markup, /href="(?!#|https?:)/, 'links go to web pages only');
  assert.ok(!/[\u0000-\u0008\u000b-\u001f\u202e]/.test(html), 'no control or reordering characters');
});

test('no credential is written to the page', () => {
  const html = page(recordOf(hostileRun(), facts('a')));
  for (const secret of SECRETS) assert.ok(!html.includes(secret), secret);
});

test('the page loads nothing, and allows only its own script', () => {
  const html = page(recordOf(passingRun(), facts('a')));
  assert.doesNotMatch(
    html.replace(/<script[\s\S]*?<\/script>/g, ''),
    /\s(?:src|action|data)="|@import|url\(|\sstyle="/,
  );
  assert.match(
    html,
    /Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-[^"]*script-src &#39;sha256-/,
  );
});

test('an empty history gives a page, and so does a single run', () => {
  assert.match(renderHistory(parseHistory([''])), /No run yet/);
  assert.match(page(recordOf(passingRun(), facts('a'))), /<p class="headline">Passing<\/p>/);
});

test('no chart is drawn from fewer than three runs', () => {
  const nights = ['a', 'b', 'c'].map((id, day) => ({
    ...recordOf(failingRun(), facts(id)),
    startedAt: `2026-11-0${day + 1}T01:00:00Z`,
  }));
  const charts = (html: string) => html.match(/data-plot="/g)?.length ?? 0;
  assert.equal(charts(page(...nights.slice(0, 2))), 0);
  assert.match(page(...nights.slice(0, 2)), /A chart is drawn from the third run on/);
  assert.ok(charts(page(...nights)) > 2);
});

test('a failing step is shown with its first failed run and what had changed by then', () => {
  const night = (day: number, run: HistoryRun): HistoryRun => ({ ...run, startedAt: `2026-11-0${day}T01:00:00Z` });
  const good = recordOf(passingRun(), facts('a'));
  const bad = recordOf(failingRun(), facts('b'));
  const newer = { ...bad, browsers: [{ name: 'firefox', version: '154.0' }, ...bad.browsers.slice(1)] };
  const html = page(night(1, good), night(2, newer), night(3, { ...newer, id: 'c' }));
  assert.match(
    html,
    /in Firefox, since <time datetime="2026-11-02T01:00:00Z"[^>]*>2 Nov 2026<\/time> <span class="small">\(2 times in a row\)/,
  );
  assert.match(
    html,
    /Changed since <time[^>]*>1 Nov 2026<\/time>, when it passed: <span class="change"><b>Firefox<\/b> 153\.0/,
  );
  const unexplained = page(night(1, good), night(2, bad));
  assert.match(unexplained, /Nothing recorded has changed since/);
});

test('a run that was refused is not a failure of the lab', () => {
  const refusal = { kind: 'not fit', reason: 'no cluster', exitCode: 3, startedAt: '2026-12-09T01:00:00Z' };
  const html = page(
    recordOf(passingRun(), facts('a')),
    refusalOf(refusal, { name: 'openshift-service-mesh', title: 'x' }, facts('b')),
  );
  assert.match(html, /Not judged[\s\S]*no cluster/);
  assert.match(html, /No step fails/);
});

test('ids are unique and every link inside the page has its target, with several labs', () => {
  const other = recordOf(failingRun(), facts('b'));
  const html = page(recordOf(passingRun(), facts('a')), { ...other, lab: { ...other.lab, name: 'another' } });
  const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
  assert.equal(new Set(ids).size, ids.length);
  for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(target), target);
});

test('a control of the web console that changed its form is reported as a change of the console, not as a regression', () => {
  const night = (id: string, form: string, openshiftVersion: string): HistoryRun => {
    const run = recordOf(passingRun(), facts(id));
    const console = { by: 'clicks' as const, controls: [{ name: 'update channel', form }] };
    const sections = run.sections.map((section) => ({
      ...section,
      exercises: section.exercises.map((exercise) => ({
        ...exercise,
        steps: exercise.steps.map((step, index) => (index === 0 ? { ...step, console } : step)),
      })),
    }));
    const startedAt = `2026-03-0${id}T03:00:00.000Z`;
    return {
      ...run,
      startedAt,
      sections,
      cluster: { kind: 'openshift', server: 'https://api.test', openshiftVersion },
    };
  };
  const before = [night('1', 'radio buttons', '4.13.9'), night('2', 'radio buttons', '4.13.9')];
  assert.doesNotMatch(page(...before), /The web console has changed/);
  const after = page(...before, night('3', 'drop-down', '4.14.2'));
  assert.match(after, /The web console has changed[\s\S]*between OpenShift 4\.13\.9 and 4\.14\.2/);
  assert.match(
    after,
    /<b>update channel<\/b> radio buttons <span aria-hidden="true">→<\/span><span class="unseen">to<\/span> drop-down/,
  );
  assert.doesNotMatch(after, /What fails, and since when/);
});

test('a step that could not be clicked in the console is told apart from a broken lab', () => {
  const failed = (code: string): HistoryRun => {
    const run = recordOf(passingRun(), facts('a'));
    const failure = {
      code,
      message: 'this step can’t be clicked in the console: the console did not show OperatorHub',
    };
    const sections = run.sections.map((section) => ({
      ...section,
      exercises: section.exercises.map((exercise) => ({
        ...exercise,
        status: 'failed' as const,
        steps: exercise.steps.map((step) => ({ ...step, outcome: 'failed' as const, failure })),
      })),
    }));
    return { ...run, sections };
  };
  assert.match(page(failed('LW-CONSOLE-CLICK')), /the console may have changed, not the lab/);
  assert.doesNotMatch(page(failed('LW-EXPECT-TEXT')), /the console may have changed/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsoleEvidence } from '../../model/console.ts';
import { hostileRun, SECRETS } from '../../test/report-samples/hostile.ts';
import { blockedRun, failingRun, interruptedRun, passingRun, sectionRun } from '../../test/report-samples/runs.ts';
import { summaryMarkdown } from '../markdown.ts';
import { summaryTable } from '../table.ts';
import { judge } from '../verdict.ts';
import { html } from './html.ts';
import { renderCertificate } from './page.ts';

test('hostile strings in every field stay text', () => {
  const page = renderCertificate(hostileRun());
  // Every tag on the page was written by the page's own templates.
  const tags = new Set([...page.matchAll(/<\/?([a-z][\w-]*)/gi)].map((match) => match[1]?.toLowerCase()));
  for (const forbidden of ['script', 'img', 'iframe', 'object', 'link', 'base', 'form', 'input']) {
    assert.ok(!tags.has(forbidden), forbidden);
  }
  assert.equal(page.split('</style>').length, 2);
  assert.doesNotMatch(page, /<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/i, 'no event handler inside a tag');
  assert.doesNotMatch(
    page,
    /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/,
    'no control or reordering characters',
  );
});

test('no credential reaches the certificate, the table or the Markdown', () => {
  const run = hostileRun();
  const verdict = judge(run);
  for (const text of [renderCertificate(run), summaryTable(run), summaryMarkdown(run, verdict)]) {
    for (const secret of SECRETS) assert.ok(!text.includes(secret), secret);
  }
});

test('the certificate loads nothing and links only to itself', () => {
  const page = renderCertificate(failingRun());
  assert.deepEqual([...page.matchAll(/\s(?:src|href|action|poster|data)="(?!#|data:image\/png;base64,)[^"]*"/g)], []);
  assert.doesNotMatch(page, /@import|url\(|<script|\sstyle="/);
  assert.match(page, /Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/);
});

test('every link inside the certificate has its target, and ids are unique', () => {
  for (const run of [passingRun(), failingRun(), blockedRun(), interruptedRun(), sectionRun()]) {
    const page = renderCertificate(run);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    assert.equal(new Set(ids).size, ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(target), target);
  }
});

test('the certificate of a sandbox run says so on its first page, and that of a cluster run does not', () => {
  const run = passingRun();
  assert.match(renderCertificate(run), /<strong>Sandbox<\/strong>/);
  assert.ok(run.cluster);
  const onCluster = renderCertificate({ ...run, cluster: { ...run.cluster, kind: 'openshift' } });
  assert.doesNotMatch(onCluster, /sandbox<|<strong>Sandbox/i);
});

test('pages side by side have the title of their step, and pages that look the same are shown once', () => {
  const run = passingRun();
  const side = renderCertificate(run).match(/id="pages">[\s\S]*?<\/section>/)?.[0] ?? '';
  assert.doesNotMatch(side, /step \d/);
  assert.match(side, /<span class="small">http:\/\/\$GUESTBOOK_ROUTE<\/span>/);
  const pairs = side.match(/class="pair"/g)?.length ?? 0;
  const sections = run.sections.map((section) => ({
    ...section,
    exercises: section.exercises.map((exercise) => ({
      ...exercise,
      steps: exercise.steps.flatMap((step) => [
        step,
        { ...step, step: { ...step.step, index: step.step.index + 100, title: 'once more' } },
      ]),
    })),
  }));
  const twice = renderCertificate({ ...run, sections }).match(/id="pages">[\s\S]*?<\/section>/)?.[0] ?? '';
  assert.equal(twice.match(/class="pair"/g)?.length, pairs);
  assert.match(twice, /http:\/\/\$GUESTBOOK_ROUTE · once more/);
});

test('a sandbox run says what its evidence rests on, and a cluster run has no such section', () => {
  const run = passingRun();
  const page = renderCertificate(run);
  const provenance = page.match(/id="provenance">[\s\S]*?<\/section>/)?.[0] ?? '';
  assert.match(provenance, /The Service Mesh operator is imitated\.[\s\S]*2 · oc get smcp -n istio-system/);
  assert.match(provenance, /repositories were the lab’s own copies[\s\S]*https:\/\/github.com\/odrodrig\/istio101/);
  assert.match(provenance, /ibmcom\/guestbook:v1 → guestbook\.ts/);
  assert.match(page, /not that they work on a real OpenShift cluster/);
  assert.match(page, /<strong>Judged by an imitated part\.<\/strong>/);
  assert.ok(run.cluster);
  const { provenance: _, ...cluster } = run.cluster;
  const sections = run.sections.map((section) => ({
    ...section,
    exercises: section.exercises.map((exercise) => ({
      ...exercise,
      steps: exercise.steps.map(({ restsOn: __, ...step }) => step),
    })),
  }));
  assert.doesNotMatch(
    renderCertificate({ ...run, sections, cluster: { ...cluster, kind: 'openshift' } }),
    /imitated|rests on/,
  );
});

test('fields without effect in the sandbox are listed on the certificate, each once', () => {
  const run = passingRun();
  const [section] = run.sections;
  const [exercise] = section?.exercises ?? [];
  assert.ok(section !== undefined && exercise !== undefined);
  const steps = exercise.steps.map((step) => ({
    ...step,
    withoutEffect: ['Deployment shop/web: spec.template.spec.affinity'],
  }));
  const sections = [
    {
      ...section,
      exercises: [
        { ...exercise, steps },
        { ...exercise, project: 'chromium', steps },
      ],
    },
  ];
  const page = renderCertificate({ ...run, sections });
  assert.match(
    page,
    /they had no effect\.<\/td><td><ul><li><code>Deployment shop\/web: spec\.template\.spec\.affinity<\/code><\/li><\/ul>/,
  );
});

test('the certificate of a whole lab is small enough to mail', () => {
  assert.ok(renderCertificate(passingRun()).length < 1_000_000);
});

test('steps that were not reached are listed as not run', () => {
  assert.match(renderCertificate(blockedRun()), /Not run in Firefox:[\s\S]*deployment\/guestbook-v1/);
});

test('numbers and text are escaped, own markup is not, and absent values show nothing', () => {
  assert.equal(
    html`<p title="${'"<'}">${[html`<b>${1}</b>`, undefined, false, '&']}</p>`.markup,
    '<p title="&quot;&lt;"><b>1</b>&amp;</p>',
  );
});

test('the certificate says of each step of the console whether it was clicked, and why not', () => {
  const run = passingRun();
  const withConsole = (console: ConsoleEvidence, of = run) => ({
    ...of,
    sections: of.sections.map((section, at) => ({
      ...section,
      exercises: section.exercises.map((exercise) => ({
        ...exercise,
        steps: exercise.steps.map((step, index) => (at === 0 && index === 0 ? { ...step, console } : step)),
      })),
    })),
  });
  const controls = [{ name: 'update channel', form: 'drop-down' }];
  const clicked = renderCertificate(withConsole({ by: 'clicks', address: 'http://console.test', controls }));
  assert.match(clicked, /Clicked in the web console, as the guide says/);
  assert.match(
    clicked,
    /Clicked in the web console, <code>http:\/\/console\.test<\/code>; update channel: drop-down\./,
  );
  assert.doesNotMatch(clicked, /not clicked/);
  const typed = renderCertificate(withConsole({ by: 'api', why: 'there was no web console' }));
  assert.match(
    typed,
    /<td><code>clicks in the web console: [^<]+<\/code><\/td><td><code>done through the API, not clicked<\/code>/,
  );
  assert.match(typed, /Done through the API, not clicked: there was no web console\./);
  assert.doesNotMatch(typed, /Clicked in the web console/);
});

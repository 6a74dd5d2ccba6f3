/** The first page: certified or not, the lab, the cluster, the browsers and the time; after a failure, what to do. */
import { formatDuration } from '../../model/duration.ts';
import type { MutationResult } from '../mutation.ts';
import { abridge, shownPath } from '../plain.ts';
import type { Run } from '../run.ts';
import { formatTime } from '../time.ts';
import type { FirstFailure, Verdict } from '../verdict.ts';
import { type Html, html } from './html.ts';
import { exerciseId } from './ids.ts';

export function masthead(run: Run, verdict: Verdict, mutation: MutationResult | undefined): Html {
  return html`<header class="masthead verdict-${verdict.kind}">
<p class="maker">Labwright <span>lab certificate</span></p>
<div class="verdict">${seal(verdict)}<div>
<p class="headline">${verdict.headline}</p>
<h1>${run.lab.title}</h1>
<p class="reason">${verdict.reason}</p>
${verdict.scope !== undefined && verdict.kind !== 'partial' && html`<p class="reason">Partial run: ${verdict.scope}.</p>`}
</div></div>
${facts(run, mutation)}
${run.cluster?.kind === 'sandbox' && sandboxNote(run.cluster.realParts ?? [])}
${verdict.first !== undefined ? failurePanel(verdict.first) : problemPanel(run)}
</header>`;
}

/** A ring with a symbol in it; the text beside it says the same. */
function seal(verdict: Verdict): Html {
  const sign =
    verdict.kind === 'certified'
      ? html`<path d="M33 49l11 11 21-25"/>`
      : verdict.kind === 'partial'
        ? html`<path d="M48 30a18 18 0 0 1 0 36"/>`
        : verdict.kind === 'failed'
          ? html`<path d="M36 36l24 24M60 36L36 60"/>`
          : html`<path d="M34 48h28"/>`;
  return html`<svg class="seal" viewBox="0 0 96 96" width="96" height="96" aria-hidden="true"><circle class="ring" cx="48" cy="48" r="45"/><circle class="milled" cx="48" cy="48" r="39"/><circle class="ring" cx="48" cy="48" r="33"/>${sign}</svg>`;
}

function sandboxNote(realParts: readonly string[]): Html {
  const real = ['the proxies, mTLS, browsers and commands', ...realParts];
  const imitated = realParts.includes('kube-apiserver')
    ? 'what OpenShift adds to Kubernetes'
    : 'the OpenShift control plane';
  return html`<p class="sandbox"><strong>Sandbox</strong> <span>This lab ran on Labwright’s embedded cluster: ${enumerate(real)} were real, ${imitated} was imitated. The run shows that the guide’s commands, pages and rules work together, but not that they work on a real OpenShift cluster. <a href="#provenance">What the evidence rests on</a></span></p>`;
}

/** `a`, `a and b`, `a, b and c`. */
function enumerate(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function facts(run: Run, mutation: MutationResult | undefined): Html {
  const { cluster } = run;
  const browsers = run.browsers.map(
    (browser) => html`<span class="each">${browser.label} ${browser.version ?? ''}</span>`,
  );
  const rows: readonly (readonly [string, Html])[] = [
    ['Cluster', cluster === undefined ? html`not reached` : clusterFact(cluster, run.browsers.length)],
    ['Release', cluster === undefined ? html`unknown` : html`${cluster.release}`],
    ['Browsers', browsers.length === 0 ? html`none` : html`${browsers}`],
    [
      'When',
      html`<span class="each"><time datetime="${run.startedAt}">${formatTime(run.startedAt)}</time></span><span class="each small">took ${formatDuration(run.durationMs)}</span>`,
    ],
    ...(mutation === undefined ? [] : [['Mistakes', mutationFact(mutation)] as const]),
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** `82 of 82 mistakes caught`, and whether that still holds for this lab. */
function mutationFact({ caught, mistakes, possible, page, madeAt, changedSince }: MutationResult): Html {
  const some = possible === undefined ? '' : `, of ${possible} possible ones`;
  const since =
    changedSince === undefined ? '' : changedSince ? '; the lab has changed since' : '; the lab is unchanged since';
  const count = html`${caught} of ${mistakes} mistakes caught`;
  const linked = page === undefined ? count : html`<a href="${page}">${count}</a>`;
  return html`<span class="each">${linked}${some}</span><span class="each small">by labwright mutate on <time datetime="${madeAt}">${formatTime(madeAt)}</time>${since}</span>`;
}

function clusterFact(cluster: NonNullable<Run['cluster']>, browsers: number): Html {
  // Each browser has its own sandbox, whose address is meaningless after the run.
  const where = cluster.kind === 'sandbox' && browsers > 1 ? 'one for each browser' : cluster.server;
  const name = cluster.kind === 'sandbox' ? 'Sandbox, as OpenShift' : 'OpenShift';
  return html`<span class="each">${name} ${cluster.openshiftVersion}</span><span class="each small">${where}</span>`;
}

function failurePanel(first: FirstFailure): Html {
  const { step, failure, exercise } = first;
  const at = failure?.at ?? step?.step.at;
  return html`<section class="first-failure" aria-labelledby="first-failure">
<h2 id="first-failure">First failure</h2>
<p class="path">${first.section.number} · ${first.section.title} <span aria-hidden="true">›</span> ${exercise.title} <span class="in">in ${first.browser}</span></p>
${step !== undefined && html`<p class="step-title"><code>${step.step.title}</code></p>`}
<p class="message">${first.message}${failure !== undefined && html` <span class="code">${failure.code}</span>`}</p>
${comparison(failure?.expected, failure?.actual)}
<p class="next"><strong>What to do</strong> ${first.next}</p>
<p class="small"><a href="#${exerciseId(first.section.number, exercise.title)}">All evidence of this exercise</a>${at !== undefined && html` · written at <code>${shownPath(at.file)}:${at.line}:${at.column}</code>`}</p>
</section>`;
}

/** If no exercise failed, the error outside of them; its text says what to do. */
function problemPanel(run: Run): Html | undefined {
  const [problem] = run.problems;
  if (problem === undefined) return undefined;
  return html`<section class="first-failure" aria-labelledby="first-failure"><h2 id="first-failure">What went wrong</h2><pre tabindex="0">${abridge(problem, 24)}</pre></section>`;
}

/** Expected beside seen; nothing if neither is known. */
export function comparison(expected: string | undefined, actual: string | undefined): Html | undefined {
  if (expected === undefined && actual === undefined) return undefined;
  const side = (name: string, text: string | undefined) =>
    text === undefined
      ? undefined
      : html`<div><p class="side">${name}</p><pre tabindex="0">${abridge(text, 24) || '(empty)'}</pre></div>`;
  return html`<div class="comparison">${side('Expected', expected)}${side('Seen', actual)}</div>`;
}

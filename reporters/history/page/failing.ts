/** What fails: since when, and what had changed by then; and what fails only sometimes. */
import { type Html, html } from '../../certificate/html.ts';
import { browserLabel } from '../../run.ts';
import type { Change } from '../analysis/changes.ts';
import type { Flaky, OpenFailure } from '../analysis/failures.ts';
import type { Series } from '../analysis/series.ts';
import type { TrackedStep } from '../analysis/steps.ts';
import { FEWEST_RUNS, type Look } from './look.ts';
import { when } from './matrix.ts';

/** Undefined if nothing fails. */
export function failing(look: Look): Html | undefined {
  if (look.failures.length === 0) return undefined;
  const steps = [...new Set(look.failures.map(({ step }) => step))];
  return html`<section aria-labelledby="${look.prefix}-fails"><h2 id="${look.prefix}-fails">What fails, and since when</h2>
${steps.map((step) => failingStep(look, step))}</section>`;
}

function failingStep(look: Look, step: TrackedStep): Html {
  const own = look.failures.filter((failure) => failure.step === step);
  const { failure } = own[0] ?? {};
  return html`<article class="failing">${stepHeading(step)}
${failure !== undefined && html`<p class="message">${failure.message} <span class="code">${failure.code}${failure.at !== undefined && `, ${failure.at}`}</span></p>`}
${failure?.code === 'LW-CONSOLE-CLICK' && html`<p class="small">The step could not be clicked in the web console: the console may have changed, not the lab.</p>`}
<ul class="places">${own.map((one) => place(look, one))}</ul></article>`;
}

export function stepHeading({ section, exercise, title }: TrackedStep): Html {
  return html`<h3><span class="small">${section} · ${exercise}</span> <code>${title}</code></h3>`;
}

function place(look: Look, one: OpenFailure): Html {
  const times = one.times === 1 ? 'once' : `${one.times} times in a row`;
  return html`<li><div><p><strong>${look.nameOf(one.series)}</strong> in ${names(one.browsers)}, since ${when(one.since)} <span class="small">(${times})</span></p>${changed(one)}</div>${tape(look, one.series, one.step, `failed ${times}`)}</li>`;
}

function changed({ before, changes }: OpenFailure): Html {
  if (before === undefined) return html`<p class="changed">It has never passed here.</p>`;
  if (changes.length === 0) {
    return html`<p class="changed">Nothing recorded has changed since ${when(before)}, when it passed: check the cluster, its images and its catalog.</p>`;
  }
  return html`<p class="changed">Changed since ${when(before)}, when it passed: ${changes.map((change, place) => html`${place > 0 && ' '}${changeMark(change)}`)}</p>`;
}

function changeMark({ what, from, to }: Change): Html {
  return html`<span class="change"><b>${what}</b> ${from} <span aria-hidden="true">→</span><span class="unseen">to</span> ${to}</span>`;
}

/** The step's results, run by run. */
function tape(look: Look, series: Series, step: TrackedStep, said: string): Html | undefined {
  if (series.runs.length < FEWEST_RUNS) return undefined;
  const index = look.lab.series.indexOf(series);
  return html`<span class="plot tape" data-plot="tape ${index}-${step.id}" role="img" aria-label="${look.nameOf(series)}: ${said}"></span>`;
}

function names(browsers: readonly string[]): string {
  return browsers.map(browserLabel).join(' and ');
}

export function unsteady(look: Look): Html {
  const steps = [...new Set(look.flakes.map(({ step }) => step))];
  const body =
    steps.length === 0
      ? html`<p>No step both passed and failed with the same lab, release and cluster.</p>`
      : html`<p class="small">Steps that passed in some runs and failed in others, with the same lab files, release and cluster.</p>${steps.map((step) => flakyStep(look, step))}`;
  return html`<section aria-labelledby="${look.prefix}-flaky"><h2 id="${look.prefix}-flaky">Unsteady steps</h2>${body}</section>`;
}

function flakyStep(look: Look, step: TrackedStep): Html {
  const own = look.flakes.filter((flake) => flake.step === step);
  return html`<article class="failing">${stepHeading(step)}<ul class="places">${own.map((one) => flakyPlace(look, one))}</ul></article>`;
}

function flakyPlace(look: Look, one: Flaky): Html {
  const often = `${one.failed} of the newest ${one.reached} runs failed`;
  return html`<li><div><p><strong>${look.nameOf(one.series)}</strong> in ${names(one.browsers)}: ${often}, last ${when(one.last)}</p></div>${tape(look, one.series, one.step, often)}</li>`;
}

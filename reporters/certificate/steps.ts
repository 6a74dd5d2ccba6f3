/** Every section, exercise and step: what was done, and what each browser's run saw. */

import type { ConsoleEvidence } from '../../model/console.ts';
import { formatDuration } from '../../model/duration.ts';
import type { StepEvidence } from '../../model/evidence.ts';
import { abridge, shownPath } from '../plain.ts';
import {
  acrossBrowsers,
  type Browser,
  type ExerciseAcross,
  type ExerciseRun,
  type Run,
  type SectionRun,
} from '../run.ts';
import { type Html, html } from './html.ts';
import { exerciseId, sectionId } from './ids.ts';
import { badge, mark } from './marks.ts';
import { failureBlock, observations } from './observation.ts';

export function steps(run: Run): Html {
  return html`<section aria-labelledby="steps"><h2 id="steps">Every step</h2>
${run.sections.map((section) => sectionPart(run.browsers, section))}</section>`;
}

function sectionPart(browsers: readonly Browser[], section: SectionRun): Html {
  return html`<section class="lab-section" id="${sectionId(section.number)}" aria-labelledby="${sectionId(section.number)}-title"><h3 id="${sectionId(section.number)}-title"><span class="number">${section.number}</span>${section.title}</h3>
${acrossBrowsers(section).map((exercise) => exercisePart(browsers, section.number, exercise))}</section>`;
}

function exercisePart(browsers: readonly Browser[], section: number, exercise: ExerciseAcross): Html {
  const runs = browsers.flatMap((browser) => {
    const run = exercise.runs.get(browser.project);
    return run === undefined ? [] : [{ browser, run }];
  });
  const outcomes = runs.map(
    ({ browser, run }) =>
      html`<span class="each">${browser.label} ${badge(run.status)}${run.durationMs > 0 && html` <span class="small">${formatDuration(run.durationMs)}</span>`}</span>`,
  );
  return html`<article id="${exerciseId(section, exercise.title)}"><header><h4>${exercise.title}</h4><p class="outcomes">${outcomes}</p></header>
${exercise.beyondTheGuide !== undefined && html`<p class="aside"><strong>Beyond the guide.</strong> ${exercise.beyondTheGuide}</p>`}
${runs.map((entry) => remarks(entry))}
<ol class="steps">${stepIndexes(runs).map((index) => stepPart(runs, index))}</ol>${notRun(runs)}</article>`;
}

type RunIn = { readonly browser: Browser; readonly run: ExerciseRun };

/** Why it was blocked, errors outside its steps, and notes on the evidence. */
function remarks({ browser, run }: RunIn): Html[] {
  const said = run.steps.some((step) => step.failure !== undefined);
  const blocked =
    run.blockedBy === undefined
      ? []
      : [html`<p class="aside"><strong>Blocked in ${browser.label}.</strong> ${run.blockedBy}</p>`];
  const errors = said
    ? []
    : run.errors.map(
        (error) =>
          html`<div class="failure"><p class="message">Failed in ${browser.label}, outside its steps</p><pre tabindex="0">${abridge(error, 40)}</pre></div>`,
      );
  const notes = run.notes.map((note) => html`<p class="aside"><strong>Note (${browser.label}).</strong> ${note}</p>`);
  return [...blocked, ...errors, ...notes];
}

function stepIndexes(runs: readonly RunIn[]): number[] {
  return [...new Set(runs.flatMap(({ run }) => run.steps.map((step) => step.step.index)))].sort((a, b) => a - b);
}

function stepPart(runs: readonly RunIn[], index: number): Html {
  const seen = runs.map(({ browser, run }) => ({ browser, step: run.steps.find((step) => step.step.index === index) }));
  const known = seen.find(({ step }) => step !== undefined)?.step;
  if (known === undefined) return html``;
  const failed = seen.some(({ step }) => step?.outcome === 'failed');
  const outcomes = seen.map(
    ({ browser, step }) =>
      html`<span class="each">${mark(step?.outcome ?? 'not run')}<span class="name">${browser.label}</span> <span class="unseen">${step?.outcome ?? 'not run'}</span> <span class="time">${step === undefined ? 'not run' : formatDuration(step.durationMs)}</span></span>`,
  );
  const columns = columnsOf(seen);
  const { at, verb, yaml } = known.step;
  return html`<li><details${failed && html` open`}><summary><span class="verb">${verb}</span>${stepTitle(known)}<span class="outcomes">${known.drift !== undefined && html`<span class="drift-mark">known drift</span>`}${known.restsOn !== undefined && html`<span class="drift-mark">imitated</span>`}${known.assumed !== undefined && html`<span class="drift-mark">assumed figure</span>`}${outcomes}</span></summary>
<div class="depth"><div class="seen"><p class="small">In the lab: <code>${shownPath(at.file)}:${at.line}</code></p><pre class="yaml" tabindex="0">${abridge(yaml, 60)}</pre></div>${columns}</div></details></li>`;
}

/** A command in code style; anything else as prose. */
function stepTitle({ step: { verb, title, yaml } }: StepEvidence): Html {
  const typed = (verb === 'run' || verb === 'check') && !/^title:/m.test(yaml);
  return typed ? html`<code class="what">${title}</code>` : html`<span class="what">${title}</span>`;
}

type SeenIn = { readonly browser: Browser; readonly step: StepEvidence | undefined };

/** One column per browser, or one for both if they saw the same. Terminal output is too wide for half a page. */
function columnsOf(seen: readonly SeenIn[]): Html {
  const ran = seen.flatMap(({ browser, step }) => (step === undefined ? [] : [{ browser, step }]));
  const bodies = ran.map(({ step }) => evidence(step));
  const [first] = bodies;
  const alike = first !== undefined && ran.length > 1 && bodies.every((body) => body.markup === first.markup);
  const wide = ran.some(({ step }) => step.observations.some((one) => one.kind === 'command' || one.kind === 'object'));
  const columns = alike
    ? html`<div class="column"><h5>${ran.map(({ browser, step }) => html`${mark(step.outcome)}${browser.label} `)}<span class="small">saw the same</span></h5>${first}</div>`
    : ran.map(({ browser, step }, index) => column(browser, step, bodies[index]));
  return html`<div class="columns${(wide || alike) && ' wide'}">${columns}</div>`;
}

function evidence(step: StepEvidence): Html {
  const none = step.observations.length === 0 && step.failure === undefined;
  return html`${step.playedFor !== undefined && html`<p class="small">Played once, in the run of ${step.playedFor}: browsers share this cluster.</p>`}${step.console !== undefined && consoleNote(step.console)}${step.drift !== undefined && driftNote(step.drift)}${step.restsOn !== undefined && imitatedNote(step.restsOn)}${step.assumed !== undefined && assumedNote(step.assumed)}${step.failure !== undefined && failureBlock(step.failure)}${observations(step)}${none && html`<p class="small">Nothing was recorded.</p>`}`;
}

/** Whether a step that the guide clicks in the web console was clicked there. */
function consoleNote(console: ConsoleEvidence): Html {
  if (console.by === 'api') return html`<p class="small">Done through the API, not clicked: ${console.why}.</p>`;
  const controls = console.controls.map(({ name, form }) => `; ${name}: ${form}`).join('');
  return html`<p class="small">Clicked in the web console, <code>${console.address}</code>${controls}.</p>`;
}

/** The imitated parts of the sandbox by which the step was judged. */
function imitatedNote(restsOn: readonly string[]): Html {
  return html`<p class="drift"><strong>Judged by an imitated part.</strong> ${restsOn.map((said) => `${said}. `)}This shows that the check works, not that it would pass on a real cluster.</p>`;
}

/** Figures of the sandbox's release that nobody has seen or read. */
function assumedNote(assumed: readonly string[]): Html {
  return html`<p class="drift"><strong>Rests on an assumed figure.</strong> ${assumed.map((said) => `${said}. `)}</p>`;
}

/** A declared difference between guide and release, whether or not it occurred. */
function driftNote({ releases, because, instead, shown, failure }: NonNullable<StepEvidence['drift']>): Html {
  const what = instead === undefined ? 'this step is known to fail' : `played with ${instead} instead`;
  const seen = shown ? '' : ' It did not occur here.';
  return html`<p class="drift"><strong>Known drift</strong> of release ${releases}, ${what}: ${because}.${seen}${failure !== undefined && html` <span class="small">Seen: ${failure.message}</span>`}</p>`;
}

function column(browser: Browser, step: StepEvidence, body: Html | undefined): Html {
  return html`<div class="column"><h5>${mark(step.outcome)}${browser.label} <span class="small">${step.outcome} in ${formatDuration(step.durationMs)}</span></h5>${body}</div>`;
}

function notRun(runs: readonly RunIn[]): Html[] {
  return runs
    .filter(({ run }) => run.stepsNotRun.length > 0)
    .map(
      ({ browser, run }) =>
        html`<div class="not-run"><p>${mark('not run')}Not run in ${browser.label}:</p><ul>${run.stepsNotRun.map((title) => html`<li><code>${title}</code></li>`)}</ul></div>`,
    );
}

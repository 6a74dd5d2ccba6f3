/** The charts over time: waits against their deadlines, and the duration of whole runs. */

import { formatDuration } from '../../../model/duration.ts';
import { type Html, html } from '../../certificate/html.ts';
import { isWhole } from '../analysis/latest.ts';
import type { Series } from '../analysis/series.ts';
import type { TrackedStep } from '../analysis/steps.ts';
import { median, type WaitTrend } from '../analysis/waits.ts';
import { type ChartData, stepName, type WaitData } from './data.ts';
import { stepHeading } from './failing.ts';
import { FEWEST_RUNS, type Look } from './look.ts';

const MOST_WAITS = 6;
const FEWEST_WAITS = 2;

/** Toggles for all charts of the lab; each shows its line’s colour. */
export function legend(look: Look): Html | undefined {
  if (look.lab.series.length === 1) return undefined;
  const buttons = look.lab.series.map(
    (series, index) =>
      html`<li><button type="button" data-series="${index}" aria-pressed="true"><svg width="26" height="10" aria-hidden="true"><line class="line-${index % 8}${index >= 8 && ' dashed'}" x1="1" x2="25" y1="5" y2="5"/></svg>${look.nameOf(series)}</button></li>`,
  );
  return html`<div class="legend"><p class="small" id="${look.prefix}-legend">Shown in the charts (choose one to see it alone)</p><ul aria-labelledby="${look.prefix}-legend">${buttons}</ul></div>`;
}

export function waits(look: Look, data: ChartData): Html | undefined {
  if (data.waits.length === 0) return undefined;
  const worrying = look.waits.filter(({ state }) => state !== 'ample');
  const steps = [...new Set(look.waits.map(({ step }) => step))];
  const count = Math.min(MOST_WAITS, Math.max(FEWEST_WAITS, new Set(worrying.map(({ step }) => step)).size));
  const shown = steps.slice(0, count);
  const others = data.waits.filter((wait) => isDrawn(wait) && !shown.some((step) => step.id === wait.id));
  return html`<section aria-labelledby="${look.prefix}-waits"><h2 id="${look.prefix}-waits">Waits, and how much of their time was left</h2>
<p class="small">A wait whose line reaches 0% times out. Below 20% the background is shaded.${worrying.length === 0 && ' None is near it.'}</p>
${shown.map((step) => waitFigure(look, data, step))}
${others.length > 0 && html`<figure class="chart"><figcaption><label>Another wait <select>${others.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}</select></label></figcaption>${plot('wait chosen', 'Time left of another wait', 160)}</figure>`}</section>`;
}

function waitFigure(look: Look, data: ChartData, step: TrackedStep): Html {
  const own = look.waits.filter((wait) => wait.step === step);
  const worst = own.filter(({ state }) => state !== 'ample');
  const wait = data.waits.find(({ id }) => id === step.id);
  const hot = worst.map((wait) => look.lab.series.indexOf(wait.series));
  const words = worst.map((wait) => html`<p class="warning">${waitWords(look, wait)}</p>`);
  const chart =
    wait !== undefined && isDrawn(wait)
      ? plot(`wait ${step.id}`, `Time left of ${wait.deadline}: ${stepName(step)}`, 160, hot)
      : tooFew;
  return html`<figure class="chart"><figcaption>${stepHeading(step)}${words}</figcaption>${chart}</figure>`;
}

export function waitWords(look: Look, wait: WaitTrend): string {
  const where = look.nameOf(wait.series);
  const left = `${Math.round(wait.headroom * 100)}% of ${formatDuration(wait.deadlineMs)} left`;
  if (wait.state === 'missed')
    return `${where}: it exceeded its ${formatDuration(wait.deadlineMs)} in one of the newest runs.`;
  const pace =
    wait.runsLeft === undefined ? '' : ` If this continues, it will time out in about ${wait.runsLeft} runs.`;
  return `${where}: ${left}.${pace}`;
}

export function durations(look: Look): Html {
  const told = look.lab.series.flatMap((series) => changeOf(look, series) ?? []);
  const young = look.lab.series.every((series) => series.runs.filter(isWhole).length < PAST);
  const even = young
    ? `A trend is shown from the ${PAST}th whole run on.`
    : 'Runs take about as long as before on every release and cluster.';
  const words = told.length === 0 ? even : told.join(' ');
  const whole = look.lab.runs.filter(isWhole).length;
  return html`<section aria-labelledby="${look.prefix}-time"><h2 id="${look.prefix}-time">How long a run takes</h2>
<figure class="chart"><figcaption><p>${words}</p></figcaption>${whole < FEWEST_RUNS ? tooFew : plot('duration', `Duration of whole runs over time. ${words}`, 260)}</figure></section>`;
}

const WINDOW = 14;
/** How far back a duration is compared: far enough to notice a slow increase. */
const PAST = 60;

/** In words, if the newest whole runs differ from those before them. */
function changeOf(look: Look, series: Series): string | undefined {
  const times = series.runs.filter(isWhole).map((run) => run.durationMs);
  if (times.length < PAST) return undefined;
  const now = median(times.slice(-WINDOW));
  const before = median(times.slice(-PAST, -PAST + WINDOW));
  const change = now / before - 1;
  if (!Number.isFinite(change) || Math.abs(change) < 0.1) return undefined;
  return `${look.nameOf(series)} takes ${formatDuration(now)}, ${Math.round(Math.abs(change) * 100)}% ${change > 0 ? 'more' : 'less'} than ${PAST} runs ago.`;
}

const tooFew = html`<p class="small">A chart is drawn from the third run on.</p>`;

/** Whether there are enough runs for a chart of this wait. */
function isDrawn({ left }: WaitData): boolean {
  return (left.match(/\d\d/g) ?? []).length >= FEWEST_RUNS;
}

/** A place for a chart, accessible by keyboard and screen reader. */
function plot(what: string, label: string, height: number, hot: readonly number[] = []): Html {
  return html`<div class="plot" data-plot="${what}" data-height="${height}" data-hot="${hot.join(' ')}" tabindex="0" role="application" aria-roledescription="chart" aria-label="${label}. Left and right go from run to run."></div>
<p class="readout"><button type="button" data-step="-1" aria-label="earlier run">‹</button><button type="button" data-step="1" aria-label="later run">›</button><output class="small"></output></p>`;
}

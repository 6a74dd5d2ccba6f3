/** Where the time went: per browser one line per section, each step a bar, on a common scale. */

import { formatDuration } from '../../model/duration.ts';
import type { StepEvidence } from '../../model/evidence.ts';
import type { Browser, ExerciseRun, Run, SectionRun } from '../run.ts';
import { type Html, html } from './html.ts';

const ROW = 38;
const AXIS = 22;

interface Scale {
  readonly from: number;
  readonly span: number;
}

export function timeline(run: Run): Html | undefined {
  const scale = scaleOf(run);
  if (scale === undefined) return undefined;
  return html`<section aria-labelledby="time"><h2 id="time">Where the time went</h2>
<p class="small key"><svg width="28" height="10" aria-hidden="true"><rect class="step" width="28" height="10"/></svg> a step <svg width="28" height="10" aria-hidden="true"><rect class="around" width="28" height="10"/></svg> preparing the exercise <svg width="28" height="14" aria-hidden="true"><rect class="step is-failed" width="28" height="14"/></svg> a failed step</p>
${run.browsers.map((browser) => chart(run, browser, scale))}${slowest(run)}</section>`;
}

function chart(run: Run, browser: Browser, scale: Scale): Html {
  const lines = run.sections.flatMap((section) => {
    const runs = section.exercises.filter(
      (exercise) => exercise.project === browser.project && exercise.startedAt !== undefined,
    );
    return runs.length === 0 ? [] : [{ section, runs }];
  });
  const height = lines.length * ROW + AXIS;
  const ticks = ticksOf(scale).map(
    (ms) =>
      html`<line class="tick" x1="${x(ms, scale)}" x2="${x(ms, scale)}" y1="0" y2="${height - AXIS}"/><text class="axis${ms === 0 && ' first'}" x="${x(ms, scale)}" y="${height - 6}">${formatTick(ms)}</text>`,
  );
  return html`<figure class="gantt"><figcaption>${browser.label}</figcaption><svg width="100%" height="${height}" role="img" aria-label="${describeChart(browser, lines)}">${ticks}${lines.map((line, row) => sectionLine(line.section, line.runs, row, scale))}</svg></figure>`;
}

function sectionLine(section: SectionRun, runs: readonly ExerciseRun[], row: number, scale: Scale): Html {
  const y = row * ROW;
  const total = runs.reduce((sum, run) => sum + run.durationMs, 0);
  const bars = runs.map((run) => {
    const start = Date.parse(run.startedAt ?? '') - scale.from;
    const around = html`<rect class="around" x="${x(start, scale)}" y="${y + 22}" width="${x(run.durationMs, scale)}" height="10"><title>${run.title}, ${formatDuration(run.durationMs)}</title></rect>`;
    return [around, ...run.steps.map((step) => stepBar(step, y, scale))];
  });
  return html`<g><text class="label" x="0" y="${y + 15}">${section.number}  ${section.title} <tspan class="quiet">${formatDuration(total)}</tspan></text>${bars}</g>`;
}

function stepBar(step: StepEvidence, y: number, scale: Scale): Html {
  const start = Date.parse(step.startedAt) - scale.from;
  const failed = step.outcome === 'failed';
  return html`<rect class="step${failed && ' is-failed'}" x="${x(start, scale)}" y="${failed ? y + 19 : y + 22}" width="${x(step.durationMs, scale)}" height="${failed ? 16 : 10}"><title>${step.step.title}: ${step.outcome}, ${formatDuration(step.durationMs)}</title></rect>`;
}

/** The five longest steps: where to start when a run should be faster. */
function slowest(run: Run): Html | undefined {
  const all = run.sections.flatMap((section) =>
    section.exercises.flatMap((exercise) => exercise.steps.map((step) => ({ section, exercise, step }))),
  );
  const longest = all.sort((a, b) => b.step.durationMs - a.step.durationMs).slice(0, 5);
  if (longest.length === 0) return undefined;
  const label = (project: string) => run.browsers.find((browser) => browser.project === project)?.label ?? project;
  const rows = longest.map(
    ({ section, exercise, step }) =>
      html`<tr><th scope="row"><code>${step.step.title}</code></th><td>${section.number} · ${exercise.title}</td><td>${label(exercise.project)}</td><td>${formatDuration(step.durationMs)}</td></tr>`,
  );
  return html`<h3>The longest steps</h3><table class="longest"><thead><tr><th scope="col">Step</th><th scope="col">Exercise</th><th scope="col">Browser</th><th scope="col">Time</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function scaleOf(run: Run): Scale | undefined {
  const spans = run.sections.flatMap((section) =>
    section.exercises.flatMap((exercise) => {
      const start = Date.parse(exercise.startedAt ?? '');
      return Number.isNaN(start) ? [] : [{ start, end: start + exercise.durationMs }];
    }),
  );
  if (spans.length === 0) return undefined;
  const from = Math.min(...spans.map((span) => span.start));
  return { from, span: Math.max(1, ...spans.map((span) => span.end - from)) };
}

/** Four to six round tick values. */
function ticksOf(scale: Scale): number[] {
  const rough = scale.span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.floor((scale.span * 0.94) / step) + 1 }, (_, index) => index * step);
}

function formatTick(ms: number): string {
  return ms === 0 ? '0' : ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}

function x(ms: number, scale: Scale): string {
  return `${(Math.min(1, Math.max(0, ms / scale.span)) * 100).toFixed(3)}%`;
}

function describeChart(
  browser: Browser,
  lines: readonly { section: SectionRun; runs: readonly ExerciseRun[] }[],
): string {
  const parts = lines.map(
    ({ section, runs }) =>
      `section ${section.number} ${formatDuration(runs.reduce((sum, run) => sum + run.durationMs, 0))}`,
  );
  return `Time in ${browser.label}: ${parts.join(', ')}`;
}

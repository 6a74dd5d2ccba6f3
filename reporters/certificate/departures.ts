/** Where the lab deliberately differs from the printed guide, and which parts of the guide are not played. */
import type { StepEvidence } from '../../model/evidence.ts';
import type { LabPlan } from '../../model/plan.ts';
import { browserLabel, type Run } from '../run.ts';
import { type Html, html } from './html.ts';

export function departures(run: Run): Html | undefined {
  const declared = [...(run.plan?.departures ?? []), ...unclicked(run)];
  const skipped = run.plan?.skipped ?? [];
  const clicked = titlesOf(run, ({ console, outcome }) => console?.by === 'clicks' && outcome === 'passed');
  if (declared.length + skipped.length + clicked.length === 0) return undefined;
  return html`<section aria-labelledby="guide"><h2 id="guide">Where this run differs from the guide</h2>
${
  declared.length > 0 &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="Departures"><table class="departures"><caption>Declared departures</caption><thead><tr><th scope="col">The guide</th><th scope="col">Here</th><th scope="col">Why</th></tr></thead>
<tbody>${declared.map((entry) => html`<tr><td><code>${entry.guide}</code></td><td><code>${entry.lab}</code></td><td>${entry.reason}</td></tr>`)}</tbody></table></div>`
}
${
  skipped.length > 0 &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="Parts not played"><table class="departures"><caption>Parts not played</caption><thead><tr><th scope="col">Section</th><th scope="col">What</th><th scope="col">Why</th></tr></thead>
<tbody>${skipped.map((entry) => html`<tr><td>${entry.section}</td><td>${entry.what}</td><td>${entry.reason}</td></tr>`)}</tbody></table></div>`
}
${
  clicked.length > 0 &&
  html`<p>Clicked in the web console, as the guide says:</p><ul>${clicked.map((title) => html`<li>${title}</li>`)}</ul>`
}</section>`;
}

/** Steps that the guide clicks in the web console and this run did through the API, by the reason. */
function unclicked(run: Run): LabPlan['departures'] {
  const reasons = new Set(played(run).flatMap(({ step: { console } }) => (console?.by === 'api' ? [console.why] : [])));
  return [...reasons].map((why) => {
    const titles = titlesOf(run, ({ console }) => console?.by === 'api' && console.why === why);
    return {
      guide: `clicks in the web console: ${titles.join('; ')}`,
      lab: 'done through the API, not clicked',
      reason: `${why}; the run shows that these objects do what the guide says, not that the console’s forms create them`,
    };
  });
}

/** `2 · Install the operator`, in the guide's order; with the browsers, if it does not hold for all that played the step. */
function titlesOf(run: Run, wanted: (step: StepEvidence) => boolean): string[] {
  const steps = Map.groupBy(played(run), ({ step: { section, step } }) => `${section.number} · ${step.title}`);
  return [...steps].flatMap(([title, runs]) => {
    const those = runs.filter(({ step }) => wanted(step));
    if (those.length === 0) return [];
    return those.length === runs.length ? [title] : [`${title} (${those.map(({ browser }) => browser).join(', ')})`];
  });
}

function played(run: Run): { readonly browser: string; readonly step: StepEvidence }[] {
  return run.sections.flatMap(({ exercises }) =>
    exercises.flatMap(({ project, steps }) => steps.map((step) => ({ browser: browserLabel(project), step }))),
  );
}

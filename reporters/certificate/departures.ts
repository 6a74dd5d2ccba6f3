/** Where the lab deliberately differs from the printed guide, and which parts of the guide are not played. */
import type { Run } from '../run.ts';
import { type Html, html } from './html.ts';

export function departures(run: Run): Html | undefined {
  const { plan } = run;
  if (plan === undefined || plan.departures.length + plan.skipped.length === 0) return undefined;
  return html`<section aria-labelledby="guide"><h2 id="guide">Where this run differs from the guide</h2>
${
  plan.departures.length > 0 &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="Departures"><table class="departures"><caption>Declared departures</caption><thead><tr><th scope="col">The guide</th><th scope="col">Here</th><th scope="col">Why</th></tr></thead>
<tbody>${plan.departures.map((entry) => html`<tr><td><code>${entry.guide}</code></td><td><code>${entry.lab}</code></td><td>${entry.reason}</td></tr>`)}</tbody></table></div>`
}
${
  plan.skipped.length > 0 &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="Parts not played"><table class="departures"><caption>Parts not played</caption><thead><tr><th scope="col">Section</th><th scope="col">What</th><th scope="col">Why</th></tr></thead>
<tbody>${plan.skipped.map((entry) => html`<tr><td>${entry.section}</td><td>${entry.what}</td><td>${entry.reason}</td></tr>`)}</tbody></table></div>`
}</section>`;
}

/** Section × browser. */
import { formatDuration } from '../duration.ts';
import { type Run, sectionStatus } from '../run.ts';
import { type Html, html } from './html.ts';
import { sectionId } from './ids.ts';
import { badge } from './marks.ts';

export function grid(run: Run): Html {
  const heads = run.browsers.map((b) => html`<th scope="col">${b.label}<span class="small"> ${b.version}</span></th>`);
  const rows = run.sections.map(
    (section) =>
      html`<tr><th scope="row"><a href="#${sectionId(section.number)}"><span class="number">${section.number}</span>${section.title}</a></th>${run.browsers.map((browser) => cell(run, section.number, browser.project))}</tr>`,
  );
  return html`<section aria-labelledby="sections"><h2 id="sections">Sections</h2>
<table class="grid"><caption class="unseen">How each section of the lab went in each browser</caption>
<thead><tr><th scope="col">Section</th>${heads}</tr></thead><tbody>${rows}${leftOut(run)}</tbody></table></section>`;
}

function cell(run: Run, number: number, project: string): Html {
  const section = run.sections.find((candidate) => candidate.number === number);
  const status = section === undefined ? undefined : sectionStatus(section, project);
  if (section === undefined || status === undefined) return html`<td><span class="small">not asked for</span></td>`;
  const runs = section.exercises.filter((exercise) => exercise.project === project);
  const passed = runs.filter((exercise) => exercise.status === 'passed').length;
  const time = runs.reduce((sum, exercise) => sum + exercise.durationMs, 0);
  return html`<td>${badge(status)} <span class="small">${passed} of ${runs.length}${time > 0 && ` · ${formatDuration(time)}`}</span></td>`;
}

/** Sections that the plan has and this run has not. */
function leftOut(run: Run): Html[] {
  const missing = (run.plan?.sections ?? []).filter(
    (planned) => !run.sections.some((s) => s.number === planned.number),
  );
  return missing.map(
    (section) =>
      html`<tr class="left-out"><th scope="row"><span class="number">${section.number}</span>${section.title}</th>${run.browsers.map(() => html`<td><span class="small">not asked for</span></td>`)}</tr>`,
  );
}

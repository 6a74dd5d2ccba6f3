/** Section × browser. */
import { formatDuration } from '../../model/duration.ts';
import { type Run, sectionStatus } from '../run.ts';
import { type Html, html } from './html.ts';
import { sectionId } from './ids.ts';
import { badge } from './marks.ts';

export function grid(run: Run): Html {
  const heads = run.browsers.map((b) => html`<th scope="col">${b.label}<span class="small"> ${b.version}</span></th>`);
  const absent = (run.plan?.sections ?? []).filter((planned) => !run.sections.some((s) => s.number === planned.number));
  const rows = [...run.sections, ...absent]
    .sort((a, b) => a.number - b.number)
    .map(({ number, title }) => row(run, number, title));
  return html`<section aria-labelledby="sections"><h2 id="sections">Sections</h2>
<table class="grid"><caption class="unseen">How each section of the lab went in each browser</caption>
<thead><tr><th scope="col">Section</th>${heads}</tr></thead><tbody>${rows}</tbody></table></section>`;
}

function row(run: Run, number: number, title: string): Html {
  const cells = run.browsers.map((browser) => cell(run, number, browser.project));
  const name = html`<span class="number">${number}</span>${title}`;
  return run.sections.some((section) => section.number === number)
    ? html`<tr><th scope="row"><a href="#${sectionId(number)}">${name}</a></th>${cells}</tr>`
    : html`<tr class="left-out"><th scope="row">${name}</th>${cells}</tr>`;
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

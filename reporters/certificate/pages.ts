/** What the browsers saw: each browsed page, one browser beside the other. */
import type { StepEvidence } from '../../model/evidence.ts';
import { acrossBrowsers, type Browser, type ExerciseAcross, type Run } from '../run.ts';
import { type Html, html } from './html.ts';
import { mark } from './marks.ts';
import type { Picture } from './picture.ts';

export type Pictures = ReadonlyMap<Uint8Array, Picture>;

export function pages(run: Run, pictures: Pictures): Html | undefined {
  const rows = run.sections.flatMap((section) =>
    acrossBrowsers(section).flatMap((exercise) =>
      stepIndexes(exercise).map((index) => pair(run, section.number, exercise, index, pictures)),
    ),
  );
  if (rows.length === 0) return undefined;
  return html`<section aria-labelledby="pages"><h2 id="pages">Pages, side by side</h2><div class="pages">${rows}</div></section>`;
}

function stepIndexes(exercise: ExerciseAcross): number[] {
  const indexes = [...exercise.runs.values()].flatMap((run) =>
    run.steps.filter((step) => pageOf(step) !== undefined).map((step) => step.step.index),
  );
  return [...new Set(indexes)].sort((a, b) => a - b);
}

function pair(run: Run, section: number, exercise: ExerciseAcross, index: number, pictures: Pictures): Html {
  const figures = run.browsers.map((browser) => figure(browser, exercise, index, pictures));
  return html`<div class="pair"><h3><span class="number">${section}</span>${exercise.title} <span class="small">step ${index + 1}</span></h3><div class="figures">${figures}</div></div>`;
}

function figure(browser: Browser, exercise: ExerciseAcross, index: number, pictures: Pictures): Html {
  const ran = exercise.runs.get(browser.project);
  const step = ran?.steps.find((candidate) => candidate.step.index === index);
  const page = step === undefined ? undefined : pageOf(step);
  if (step === undefined || page === undefined) {
    return html`<figure><div class="no-picture">not opened</div><figcaption>${browser.label}</figcaption></figure>`;
  }
  const png = page.screenshot === undefined ? undefined : ran?.screenshots.get(page.screenshot);
  const picture = png === undefined ? undefined : pictures.get(png);
  const image =
    picture === undefined
      ? html`<div class="no-picture">${page.screenshot === undefined ? 'no screenshot' : 'screenshot missing, unreadable or left out to keep this file small'}</div>`
      : html`<img src="${picture.uri}" width="${picture.width}" height="${picture.height}" alt="${browser.label} showing the page “${page.title}” of ${page.url}">`;
  return html`<figure>${image}<figcaption>${mark(step.outcome)}<strong>${browser.label}</strong> <span class="page-title">${page.title}</span> <span class="small">${step.outcome} · HTTP ${page.status}</span></figcaption></figure>`;
}

/** The last page of a step: what it was judged by. */
function pageOf(step: StepEvidence): Extract<StepEvidence['observations'][number], { kind: 'page' }> | undefined {
  return step.observations.filter((seen) => seen.kind === 'page').at(-1);
}

/** What the browsers saw: each browsed page, with the browsers side by side. */
import type { StepEvidence } from '../../model/evidence.ts';
import { acrossBrowsers, type Browser, type ExerciseAcross, type Run } from '../run.ts';
import { type Html, html } from './html.ts';
import { mark } from './marks.ts';
import { looksLike, type Picture } from './picture.ts';

type PageSeen = Extract<StepEvidence['observations'][number], { kind: 'page' }>;
export type Pictures = ReadonlyMap<Uint8Array, Picture>;

export function pages(run: Run, pictures: Pictures): Html | undefined {
  const views = run.sections.flatMap((section) =>
    acrossBrowsers(section).flatMap((exercise) =>
      stepIndexes(exercise).map((index) => viewOf(run, section.number, exercise, index, pictures)),
    ),
  );
  if (views.length === 0) return undefined;
  return html`<section aria-labelledby="pages"><h2 id="pages">Pages, side by side</h2><div class="pages">${unlike(views).map(pair)}</div></section>`;
}

/** One page in all browsers, with the steps that showed it. */
interface View {
  readonly section: number;
  readonly exercise: string;
  readonly titles: readonly string[];
  readonly figures: Html;
  /** By browser: what a person reads there, and sees. */
  readonly read: string;
  readonly seen: readonly (Picture | undefined)[];
}

/** Views of an exercise that look the same in every browser are shown once, under the titles of all their steps. */
function unlike(views: readonly View[]): View[] {
  const kept: View[] = [];
  for (const view of views) {
    const place = kept.findIndex((other) => isAlike(other, view));
    const same = kept[place];
    if (same === undefined) kept.push(view);
    else kept[place] = { ...same, titles: [...new Set([...same.titles, ...view.titles])] };
  }
  return kept;
}

function isAlike(one: View, other: View): boolean {
  if (one.section !== other.section || one.exercise !== other.exercise || one.read !== other.read) return false;
  return one.seen.every((picture, index) => {
    const beside = other.seen[index];
    return picture === undefined || beside === undefined ? picture === beside : looksLike(picture, beside);
  });
}

function stepIndexes(exercise: ExerciseAcross): number[] {
  const indexes = [...exercise.runs.values()].flatMap((run) =>
    run.steps.filter((step) => pageOf(step) !== undefined).map((step) => step.step.index),
  );
  return [...new Set(indexes)].sort((a, b) => a - b);
}

function viewOf(run: Run, section: number, exercise: ExerciseAcross, index: number, pictures: Pictures): View {
  const seen = run.browsers.map((browser) => seenIn(browser, exercise, index, pictures));
  const figures = seen.map(figure);
  const steps = [...exercise.runs.values()].flatMap(({ steps }) => steps.filter(({ step }) => step.index === index));
  return {
    section,
    exercise: exercise.title,
    titles: [...new Set(steps.map(({ step }) => step.title))],
    figures: html`${figures}`,
    read: JSON.stringify(
      seen.map(({ page, step }) => [page?.url, page?.title, page?.text, page?.status, step?.outcome]),
    ),
    seen: seen.map(({ picture }) => picture),
  };
}

function pair({ section, exercise, titles, figures }: View): Html {
  return html`<div class="pair"><h3><span class="number">${section}</span>${exercise} <span class="small">${titles.join(' · ')}</span></h3><div class="figures">${figures}</div></div>`;
}

/** What one browser showed. */
interface SeenIn {
  readonly browser: Browser;
  readonly step: StepEvidence | undefined;
  readonly page: PageSeen | undefined;
  readonly picture: Picture | undefined;
}

function seenIn(browser: Browser, exercise: ExerciseAcross, index: number, pictures: Pictures): SeenIn {
  const ran = exercise.runs.get(browser.project);
  const step = ran?.steps.find((candidate) => candidate.step.index === index);
  const page = step === undefined ? undefined : pageOf(step);
  const png = page?.screenshot === undefined ? undefined : ran?.screenshots.get(page.screenshot);
  return { browser, step, page, picture: png === undefined ? undefined : pictures.get(png) };
}

function figure({ browser, step, page, picture }: SeenIn): Html {
  if (step === undefined || page === undefined) {
    return html`<figure><div class="no-picture">not opened</div><figcaption>${browser.label}</figcaption></figure>`;
  }
  const image =
    picture === undefined
      ? html`<div class="no-picture">${page.screenshot === undefined ? 'no screenshot' : 'screenshot missing, unreadable or left out to keep this file small'}</div>`
      : html`<img src="${picture.uri}" width="${picture.width}" height="${picture.height}" alt="${browser.label} showing the page “${page.title}” of ${page.url}">`;
  return html`<figure>${image}<figcaption>${mark(step.outcome)}<strong>${browser.label}</strong> <span class="page-title">${page.title}</span> <span class="small">${step.outcome} · HTTP ${page.status}</span></figcaption></figure>`;
}

/** The last page of a step: the one that was judged. */
function pageOf(step: StepEvidence): PageSeen | undefined {
  return step.observations.filter((seen) => seen.kind === 'page').at(-1);
}

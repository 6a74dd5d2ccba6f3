/** The state of each release and cluster, section by section. */
import { type Html, html } from '../../certificate/html.ts';
import { mark } from '../../certificate/marks.ts';
import { browserLabel, type Status } from '../../run.ts';
import { formatDay, formatTime } from '../../time.ts';
import { latestSections, type SectionState, verdictLetter } from '../analysis/latest.ts';
import type { Series } from '../analysis/series.ts';
import type { HistoryRun } from '../record.ts';
import { FEWEST_RUNS, type Look } from './look.ts';

const VERDICTS: Readonly<Record<'c' | 'p' | 'f' | 'n', readonly [Status, string]>> = {
  c: ['passed', 'Certified'],
  p: ['passed', 'Partly passed'],
  f: ['failed', 'Not certified'],
  n: ['interrupted', 'Not judged'],
};

/** For a run that found nothing about the lab, why. */
const REASON_LENGTH = 140;

export function matrix(look: Look): Html {
  const numbers = new Map<number, string>();
  for (const run of look.lab.runs) for (const section of run.sections) numbers.set(section.number, section.title);
  const sections = [...numbers].sort(([a], [b]) => a - b);
  const heads = sections.map(
    ([number, title]) => html`<th scope="col" title="${title}">${number}<span class="unseen"> ${title}</span></th>`,
  );
  return html`<section aria-labelledby="${look.prefix}-now"><h2 id="${look.prefix}-now">Where it stands</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Latest verdicts"><table class="matrix"><caption>The latest verdict of each release and cluster, section by section; under it the newest runs, the last one at the right</caption>
<thead><tr><th scope="col">Release and cluster</th>${heads}</tr></thead>
<tbody>${look.lab.series.map((series, index) => row(look, series, index, sections))}</tbody></table></div>
<ol class="small contents">${sections.map(([number, title]) => html`<li value="${number}">${title}</li>`)}</ol></section>`;
}

function row(look: Look, series: Series, index: number, sections: readonly (readonly [number, string])[]): Html {
  const newest = series.runs.at(-1);
  if (newest === undefined) return html``;
  const states = latestSections(series);
  const cells = sections.map(([number]) => cell(states.get(number), newest));
  const [status, word] = VERDICTS[verdictLetter(newest)];
  const why = verdictLetter(newest) === 'n' ? newest.verdict.reason.slice(0, REASON_LENGTH) : '';
  const certificate = look.certificates.get(newest.id);
  const failed = series.runs.filter((run) => verdictLetter(run) === 'f').length;
  const label = `${series.runs.length} runs, ${failed} of them not certified`;
  const tape =
    series.runs.length >= FEWEST_RUNS &&
    html`<span class="plot tape" data-plot="tape ${index}" role="img" aria-label="${label}"></span>`;
  return html`<tr><th scope="row"><span class="name">${series.release}<span class="small"> ${series.cluster}</span></span><span class="state is-${status}">${mark(status)}${word}</span> <span class="small">${when(newest)}${certificate !== undefined && html` · <a href="${certificate}">certificate</a>`}${why !== '' && html` · ${why}`}</span>${tape}</th>${cells}</tr>`;
}

/** The day, and a link to the run if it has one. */
export function when(run: HistoryRun): Html {
  const time = html`<time datetime="${run.startedAt}" title="${formatTime(run.startedAt)}">${formatDay(run.startedAt)}</time>`;
  const address = safeLink(run.link);
  return address === undefined ? time : html`<a href="${address}">${time}</a>`;
}

/** Only web pages: a history may contain anything. */
function safeLink(link: string | undefined): string | undefined {
  return link !== undefined && URL.canParse(link) && /^https?:$/.test(new URL(link).protocol) ? link : undefined;
}

function cell(state: SectionState | undefined, newest: HistoryRun): Html {
  if (state === undefined) return html`<td><span class="unseen">never played</span></td>`;
  const where = state.browsers.map(browserLabel).join(' and ');
  const words = `${state.status}${where === '' ? '' : ` in ${where}`}`;
  const old = state.run === newest ? '' : `, ${formatDay(state.run.startedAt)}`;
  return html`<td class="is-${state.status.replace(' ', '-')}${old !== '' && ' old'}" title="${words}${old}">${mark(state.status)}<span class="unseen">${words}${old}</span></td>`;
}

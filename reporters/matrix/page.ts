/** The drift table as a page: one file without scripts that loads nothing. */
import { createHash } from 'node:crypto';
import { formatDuration } from '../../model/duration.ts';
import { Html, html } from '../certificate/html.ts';
import { mark } from '../certificate/marks.ts';
import { styles } from '../certificate/styles.css.ts';
import { countsOf, sourceList } from '../figures.ts';
import type { Status } from '../run.ts';
import { formatTime } from '../time.ts';
import { type Cell, type CellKind, count, type Matrix, type ReleaseRun, type Row } from './drift.ts';
import { summary, WORDS } from './text.ts';

const own = `
.sheet{max-width:84rem}.drifts td,.drifts th{padding:.35rem .5rem .35rem 0}.drifts .cell{text-align:center;min-width:3.5rem}.drifts tbody th{font-weight:400}
.cell .word{font-size:.75rem;display:block;color:var(--quiet)}.cell.is-known .word{color:var(--warn)}.cell.is-new .word{color:var(--bad);font-weight:600}
.tilde{font:600 1.1rem/1 var(--sans);color:var(--warn)}.reasons{list-style:none;margin:.2rem 0 0;padding:0}.reasons li{font-size:.8125rem;color:var(--quiet)}
.section-row th{font-family:var(--serif);font-size:1.15rem;padding-top:1.5rem}.exercise{color:var(--quiet);font-size:.8125rem;display:block}
@media print{.scroll{overflow:visible}}
`;
const STYLE = styles + own;
const MARKS: Readonly<Record<Exclude<CellKind, 'known' | 'absent'>, Status>> = {
  passes: 'passed',
  new: 'failed',
  open: 'not run',
};

/** @param links address of a release's certificate, relative to the page. */
export function matrixPage(matrix: Matrix, links: Readonly<Record<string, string>>): string {
  const fresh = count(matrix, 'new') + matrix.releases.filter(({ problem }) => problem !== undefined).length;
  const headline = fresh === 0 ? 'Nothing new' : `${fresh} new`;
  const body = html`<div class="sheet"><header class="masthead verdict-${fresh === 0 ? 'certified' : 'failed'}">
<p class="maker">Labwright <span>release matrix</span></p>
<p class="headline">${headline}</p><h1>${matrix.lab.title}</h1><p class="reason">${summary(matrix)}</p></header>
<main><section><h2>Releases</h2><div class="scroll"><table><thead><tr><th scope="col">Release</th><th scope="col">Verdict</th><th scope="col">When</th><th scope="col">Took</th></tr></thead><tbody>${matrix.releases.map((one) => releaseRow(one, links))}</tbody></table></div></section>
${figures(matrix)}
<section><h2>Step by step</h2><p class="small">A step <em>passes</em>, shows <em>known drift</em> (declared in the lab with its reason), or fails in a <em>new</em> way. What comes after a new failure may be <em>not reached</em>.</p>
<div class="scroll"><table class="drifts"><thead><tr><th scope="col">Step</th>${matrix.releases.map(({ release }) => html`<th scope="col" class="cell">${release}</th>`)}</tr></thead><tbody>${rows(matrix)}</tbody></table></div></section></main></div>`;
  return page(`${headline} – ${matrix.lab.title}`, body);
}

function page(title: string, body: Html): string {
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;
  return html`${new Html('<!doctype html>')}
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${new Html(STYLE)}</style></head><body>${body}</body></html>
`.markup;
}

function releaseRow({ release, run, problem }: ReleaseRun, links: Readonly<Record<string, string>>): Html {
  const link = links[release];
  const name = link === undefined ? html`${release}` : html`<a href="${link}">${release}</a>`;
  if (run === undefined)
    return html`<tr><th scope="row">${name}</th><td colspan="3">${problem ?? 'not played'}</td></tr>`;
  const took = formatDuration(run.durationMs);
  return html`<tr><th scope="row">${name}</th><td>${run.verdict.kind}: ${run.verdict.reason}</td><td><time datetime="${run.startedAt}">${formatTime(run.startedAt)}</time></td><td>${took}</td></tr>`;
}

/** For each release that says it, where its figures come from. */
function figures({ releases }: Matrix): Html | undefined {
  const told = releases.flatMap(({ release, sources = [] }) => (sources.length === 0 ? [] : [{ release, sources }]));
  if (told.length === 0) return undefined;
  return html`<section class="release-figures"><h2>Where the figures of each release come from</h2><p class="small">The sandbox imitates a release by its figures. What is assumed was neither seen on a cluster nor read anywhere.</p>
${told.map(({ release, sources }) => html`<details><summary>${release}: ${countsOf(sources)}</summary>${sourceList(sources)}</details>`)}</section>`;
}

function rows(matrix: Matrix): Html[] {
  const columns = matrix.releases.length + 1;
  let section = 0;
  return matrix.rows.flatMap((row) => {
    const begins = row.section !== section;
    section = row.section;
    const head = html`<tr class="section-row"><th scope="rowgroup" colspan="${columns}">${row.section} ${row.sectionTitle}</th></tr>`;
    return [...(begins ? [head] : []), rowHtml(row, matrix)];
  });
}

function rowHtml(row: Row, matrix: Matrix): Html {
  const reasons = [...new Set(row.cells.flatMap(({ reason }) => reason ?? []))].map((reason) => {
    const releases = matrix.releases.flatMap(({ release }, index) =>
      row.cells[index]?.reason === reason ? release : [],
    );
    return html`<li>${releases.join(', ')}: ${reason}</li>`;
  });
  const list = reasons.length > 0 && html`<ul class="reasons">${reasons}</ul>`;
  return html`<tr><th scope="row"><span class="exercise">${row.exercise} · ${row.at}</span>${row.title}${list}</th>${row.cells.map(cellHtml)}</tr>`;
}

function cellHtml({ kind, gone }: Cell): Html {
  if (kind === 'absent') return html`<td class="cell"><span class="unseen">${WORDS.absent}</span></td>`;
  const sign = kind === 'known' ? html`<span class="tilde" aria-hidden="true">~</span>` : mark(MARKS[kind]);
  const word = gone === true ? 'passes despite declared drift' : WORDS[kind].toLowerCase();
  return html`<td class="cell is-${kind}">${sign}<span class="${kind === 'passes' && gone !== true ? 'unseen' : 'word'}">${word}</span></td>`;
}

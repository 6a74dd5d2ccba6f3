/** The page of a history: one file that loads nothing. What is said stands in it as text; a script draws the charts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Html, html } from '../../certificate/html.ts';
import { styles } from '../../certificate/styles.css.ts';
import { formatDay } from '../../time.ts';
import { labsOf } from '../analysis/series.ts';
import type { History, Skipped } from '../file.ts';
import { CLIENT } from './client.ts';
import { chartData, embedded, shownRuns } from './data.ts';
import { failing, unsteady } from './failing.ts';
import { type Look, lookAt, tapedSteps } from './look.ts';
import { historyMasthead } from './masthead.ts';
import { matrix } from './matrix.ts';
import { regressed } from './regressed.ts';
import { historyStyles } from './styles.css.ts';
import { durations, legend, waits } from './trends.ts';

export interface PageOptions {
  /** Addresses of the certificates that there are, relative to the page, by the run's id. */
  readonly certificates?: ReadonlyMap<string, string>;
}

/** @returns the HTML of the page; also of an empty history. */
export function renderHistory(history: History, options: PageOptions = {}): string {
  const labs = labsOf(history.runs);
  const body = labs.map((lab, index) =>
    labPart(
      lookAt(lab, index, options.certificates ?? new Map()),
      index === labs.length - 1 ? footer(history) : undefined,
    ),
  );
  const title = labs.length === 1 ? `History – ${labs[0]?.title}` : 'History of labs';
  return documentOf(title, labs.length === 0 ? nothing(history) : html`${body}`);
}

function labPart(look: Look, foot: Html | undefined): Html {
  const data = chartData(look.lab, look.tracked, tapedSteps(look));
  const fails = failing(look);
  const left = waits(look, data);
  const parts: readonly [string, string, Html | undefined][] = [
    ['now', 'Where it stands', matrix(look)],
    ['fails', 'What fails', fails],
    ['regressed', 'Regressions', regressed(look)],
    ['waits', 'Waits', left],
    ['time', 'Duration', durations(look)],
    ['flaky', 'Unsteady steps', unsteady(look)],
  ];
  const links = parts.filter(([, , part]) => part !== undefined);
  const [now, wrong, worse, waiting, time, flaky] = parts.map(([, , part]) => part);
  return html`<div class="sheet" data-lab="${look.prefix}">${historyMasthead(look)}
<nav aria-label="Parts of ${look.lab.title}"><ul>${links.map(([id, name]) => html`<li><a href="#${look.prefix}-${id}">${name}</a></li>`)}</ul></nav>
<div class="parts"><noscript><p class="aside">The charts need JavaScript; what is written does not.</p></noscript>${now}${wrong}${worse}${legend(look)}${waiting}${time}${flaky}</div>${foot}
<script type="application/json">${new Html(embedded(data))}</script></div>`;
}

function nothing(history: History): Html {
  return html`<div class="sheet"><header class="masthead"><p class="maker">Labwright <span>history</span></p><h1>No run yet</h1><p class="reason">Every <code>labwright certify</code> adds one; <code>npx labwright history</code> makes this page anew.</p></header>${footer(history)}</div>`;
}

/** How much the page is made from, and what could not be read. */
function footer({ runs, skipped }: History): Html {
  const [first, last] = [runs[0], runs.at(-1)];
  const days = new Set([first, last].flatMap((run) => (run === undefined ? [] : [formatDay(run.startedAt)])));
  const span = days.size === 0 ? '' : ` ${days.size === 1 ? 'of' : 'from'} ${[...days].join(' to ')}`;
  const shown = labsOf(runs).reduce((sum, lab) => sum + shownRuns(lab).length, 0);
  const older = shown < runs.length && html` The charts show the newest ${shown}.`;
  return html`<footer><p>Made by Labwright from ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}${span}.${older} ${skippedWords(skipped)}This file needs no network.</p></footer>`;
}

function skippedWords({ torn, duplicate, newer, foreign }: Skipped): string {
  const parts = [
    [torn, 'torn'],
    [duplicate, 'duplicate'],
    [newer, 'written by a newer Labwright'],
    [foreign, 'of another kind'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return said.length === 0 ? '' : `Lines passed over: ${said.join(', ')}. `;
}

const require = createRequire(import.meta.url);
const vendor = (file: string) => readFileSync(require.resolve(`uplot/dist/${file}`), 'utf8');

function documentOf(title: string, body: Html): string {
  const style = styles + vendor('uPlot.min.css') + historyStyles;
  const script = `${vendor('uPlot.iife.min.js')}\n${CLIENT}`;
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;
  return html`${new Html('<!doctype html>')}
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${title}</title><style>${new Html(style)}</style></head>
<body><main>${body}</main><script>${new Html(script)}</script></body></html>
`.markup;
}
